/** How values are compressed. */
@NullMarked
package io.nadb.internal.codec;

import org.jspecify.annotations.NullMarked;
