package io.nadb.internal.store;

import io.nadb.SetOptions;
import io.nadb.internal.store.LayeredReader.Found;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proposes writes that depend on the entry they replace: deleting, keeping tags or TTL. They read
 * without the buffer's lock, and are made if nothing has changed since.
 */
final class ConditionalWrites {
  private final InstantSource clock;
  private final WriteBuffer buffer;
  private final LayeredReader reader;

  ConditionalWrites(InstantSource clock, WriteBuffer buffer, LayeredReader reader) {
    this.clock = clock;
    this.buffer = buffer;
    this.reader = reader;
  }

  /** Sets an entry with tags or TTL of the one before. */
  Proposal setKeeping(String namespace, String key, byte[] value, SetOptions options) {
    return replacing(
        namespace,
        key,
        (current, now, condition) -> {
          Set<String> tags = options.tags();
          long expiresAt = options.keepsTtl() ? Write.NEVER : Expiry.of(options, now);
          if (current != null && options.keepsTags()) {
            tags = current.tags();
          }
          if (current != null && options.keepsTtl()) {
            expiresAt = current.expiresAt();
          }
          return WriteBatch.set(value, tags, now.toEpochMilli(), expiresAt, condition);
        });
  }

  /** Deletes an entry, if there is one. */
  Proposal delete(String namespace, String key) {
    return replacing(
        namespace,
        key,
        (current, now, condition) ->
            current == null ? null : WriteBatch.delete(now.toEpochMilli(), condition));
  }

  /** Makes a write from the entry that it replaces (null: none is alive), or none. */
  private interface Decision {
    @Nullable WriteBatch decide(@Nullable StoredEntry current, Instant now, Precondition unchanged);
  }

  /** Replaces an entry by what is decided from it. */
  private Proposal replacing(String namespace, String key, Decision decision) {
    return () -> {
      long asOf = buffer.sequence();
      Instant now = clock.instant();
      Found found = reader.look(namespace, key, now.toEpochMilli());
      StoredEntry current = found.alive() ? found.entry() : null;
      Precondition unchanged =
          current == null
              ? new Precondition.Absent(namespace, key, asOf, now.toEpochMilli())
              : new Precondition.Unchanged(namespace, key, asOf, current.sequence());
      return decision.decide(current, now, unchanged);
    };
  }
}
