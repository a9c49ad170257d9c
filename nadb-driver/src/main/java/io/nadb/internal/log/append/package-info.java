/** How a cut gets to the end of the log, and what is done when that fails. */
@NullMarked
package io.nadb.internal.log.append;

import org.jspecify.annotations.NullMarked;
