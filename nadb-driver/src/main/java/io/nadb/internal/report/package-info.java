/** How the library logs. */
@NullMarked
package io.nadb.internal.report;

import org.jspecify.annotations.NullMarked;
