/** Numbers that are kept as values. */
@NullMarked
package io.nadb.internal.number;

import org.jspecify.annotations.NullMarked;
