/**
 * The changes of {@code nadb:fs:} stores, to be followed by a mirror, an index or a queue: start
 * with {@link io.nadb.feed.ChangeFeed#of}.
 */
@NullMarked
package io.nadb.feed;

import org.jspecify.annotations.NullMarked;
