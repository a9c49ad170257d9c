/** The store that users hold: write buffer, overlay, TTL rule, sequence numbers, flushing. */
@NullMarked
package io.nadb.internal.store;

import org.jspecify.annotations.NullMarked;
