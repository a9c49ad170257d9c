/** The files of the log as one set: what is read of them, which count, and when they may go. */
@NullMarked
package io.nadb.internal.log.segment;

import org.jspecify.annotations.NullMarked;
