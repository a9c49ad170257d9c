package io.nadb.spi;

import io.nadb.EntryMetadata;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a backend knows of an entry besides its value; times in milliseconds since 1970.
 *
 * @param key the key
 * @param sequence the sequence number of the write that made it
 * @param size the value's length in bytes, as it was set
 * @param created when the key came into being
 * @param updated when the value was set
 * @param expiresAt the first moment at which the entry is gone, or {@link Write#NEVER}
 * @param tags the tags
 * @since 0.1.0
 */
public record StoredEntry(
    String key,
    long sequence,
    int size,
    long created,
    long updated,
    long expiresAt,
    Set<String> tags) {

  /** An entry that was set after the clock had been put back is not older than itself. */
  public StoredEntry {
    updated = Math.max(created, updated);
  }

  /** Whether the entry is gone at {@code now}. */
  public boolean isGoneAt(long now) {
    return now >= expiresAt;
  }

  /** This, as users see it. */
  public EntryMetadata toMetadata() {
    return new EntryMetadata(
        key,
        size,
        Instant.ofEpochMilli(created),
        Instant.ofEpochMilli(updated),
        expiresAt == Write.NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expiresAt)),
        tags);
  }
}
