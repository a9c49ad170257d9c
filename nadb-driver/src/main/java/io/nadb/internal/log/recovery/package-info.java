/** How a directory becomes a log again: what counts, and where it ends. */
@NullMarked
package io.nadb.internal.log.recovery;

import org.jspecify.annotations.NullMarked;
