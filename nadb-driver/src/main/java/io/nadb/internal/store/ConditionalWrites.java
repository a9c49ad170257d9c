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
 * Writes that depend on the entry they replace: deleting, keeping tags or TTL. They read without
 * the buffer's lock and check, under it, that nothing has changed since.
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

  /** Sets an entry with tags or TTL of the one before; returns its sequence number. */
  long setKeeping(String namespace, String key, byte[] value, SetOptions options) {
    return update(
        namespace,
        key,
        (current, now) -> {
          Set<String> tags = options.tags();
          long expiresAt = options.keepsTtl() ? Write.NEVER : Expiry.of(options, now);
          if (current != null && options.keepsTags()) {
            tags = current.tags();
          }
          if (current != null && options.keepsTtl()) {
            expiresAt = current.expiresAt();
          }
          long updated = now.toEpochMilli();
          return Write.set(0, value, tags, updated, true, updated, expiresAt);
        });
  }

  /** Deletes an entry; returns the sequence number, or 0 if there is none. */
  long delete(String namespace, String key) {
    return update(
        namespace,
        key,
        (current, now) -> current == null ? null : Write.delete(0, now.toEpochMilli()));
  }

  /** Makes a write from the entry that it replaces (null: none is alive), or none. */
  private interface Decision {
    @Nullable Write decide(@Nullable StoredEntry current, Instant now);
  }

  /**
   * Replaces an entry atomically by what is decided from it; returns 0 if nothing was written. Room
   * is reserved before the last look, because while a writer waits for it, what it has seen goes
   * out of date.
   */
  private long update(String namespace, String key, Decision decision) {
    int reserved = 0;
    try {
      while (true) {
        long epoch = buffer.epoch();
        Instant now = clock.instant();
        Found found = reader.look(namespace, key, now.toEpochMilli());
        StoredEntry seen = found.entry();
        Write write = decision.decide(found.alive() ? seen : null, now);
        if (write == null) {
          return 0;
        }
        long sequence = buffer.replace(namespace, key, seen, epoch, write, reserved);
        if (sequence > 0) {
          return sequence;
        }
        if (sequence == WriteBuffer.NO_ROOM) {
          int charge = MemTable.charge(key, write);
          if (reserved > 0) {
            buffer.release(reserved);
            reserved = 0;
          }
          buffer.reserve(charge);
          reserved = charge;
        }
      }
    } finally {
      if (reserved > 0) {
        buffer.release(reserved);
      }
    }
  }
}
