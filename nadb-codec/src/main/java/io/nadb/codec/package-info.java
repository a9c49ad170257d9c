/**
 * Typed views of a store: {@link io.nadb.codec.TypedStore} has objects where the store has bytes,
 * by a {@link io.nadb.codec.Codec} that is named once, in code, and again in each value.
 */
@NullMarked
package io.nadb.codec;

import org.jspecify.annotations.NullMarked;
