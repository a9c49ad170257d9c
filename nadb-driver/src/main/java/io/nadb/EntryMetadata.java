package io.nadb;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of an entry besides its value.
 *
 * @param key the key
 * @param size the value's length in bytes, as it was set
 * @param created when the key came into being; survives overwrites
 * @param updated when the value was set
 * @param expiresAt the first moment at which the entry is gone; empty if it never expires
 * @param tags the tags, unmodifiable, in the order of Unicode code points, as {@link
 *     KeyValueStore#tags} has them
 * @since 0.1.0
 */
public record EntryMetadata(
    String key,
    int size,
    Instant created,
    Instant updated,
    Optional<Instant> expiresAt,
    Set<String> tags) {

  /** Copies and sorts the tags. */
  public EntryMetadata {
    tags = SortedTags.copyOf(tags);
  }
}
