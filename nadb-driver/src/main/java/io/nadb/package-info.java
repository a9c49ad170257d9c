/**
 * NADB: an embedded key-value store opened by URL, with tags, TTL, a write buffer and a stated
 * durability promise.
 *
 * <p>Most users need three types: {@link io.nadb.NadbDriverManager} opens a {@link
 * io.nadb.KeyValueStore} by URL, and {@link io.nadb.SetOptions} says what an entry carries besides
 * its value. Tests, and containers that want their own background thread, create a {@link
 * io.nadb.StoreRegistry}. Backends implement {@code io.nadb.spi}.
 */
@NullMarked
package io.nadb;

import org.jspecify.annotations.NullMarked;
