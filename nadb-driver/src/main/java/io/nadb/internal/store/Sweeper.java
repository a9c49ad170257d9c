package io.nadb.internal.store;

import io.nadb.FlushCause;
import io.nadb.TimeSource;
import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Removes expired entries: by ordinary deletes, many at once, on condition that nobody has written
 * the keys since, so that a newer write survives.
 */
final class Sweeper {
  private static final int BATCH = 1000;

  /** So many keys are looked up and removed together: others may write them in between. */
  private static final int TOGETHER = 64;

  private final String name;
  private final TimeSource time;
  private final InstantSource clock;
  private final WriteBuffer buffer;
  private final LayeredReader reader;
  private final Flusher flusher;
  private final LongAdder removed = new LongAdder();

  Sweeper(
      String name,
      TimeSource time,
      InstantSource clock,
      WriteBuffer buffer,
      LayeredReader reader,
      Flusher flusher) {
    this.name = name;
    this.time = time;
    this.clock = clock;
    this.buffer = buffer;
    this.reader = reader;
    this.flusher = flusher;
  }

  /** How many entries have been removed so far. */
  long removed() {
    return removed.sum();
  }

  /** Removes all expired entries of a namespace, or of all (null); returns how many. */
  int sweep(@Nullable String namespace) {
    int sum = 0;
    while (true) {
      Batch batch = sweepBatch(namespace);
      sum += batch.removed;
      if (!batch.full) {
        return sum;
      }
      // The backend names the same keys again until it has their deletion.
      flusher.flush(FlushCause.EXPLICIT);
    }
  }

  /**
   * Removes a bounded number of expired entries of all namespaces; for the sync thread.
   *
   * @return whether there are more
   */
  boolean sweepStep() {
    if (flusher.isDegraded()) {
      return false; // Deletions could only pile up in the buffer; the next tick tries again.
    }
    StorageBackend.Progress progress = reader.prepareExpired();
    if (progress != StorageBackend.Progress.READY) {
      return progress == StorageBackend.Progress.MORE; // If busy, the next tick tries again.
    }
    boolean more;
    try {
      more = sweepBatch(null).full;
    } catch (IllegalStateException e) {
      if (buffer.isClosed()) {
        return false; // The store is being closed; what has expired is removed when it is opened.
      }
      throw e;
    }
    if (more) {
      flusher.flushQuietly(FlushCause.SIZE, time.nanoTime());
    }
    return more;
  }

  private Batch sweepBatch(@Nullable String namespace) {
    Span span = Recordings.sweep();
    long now = clock.millis();
    int count = expire(reader.expiredInBuffer(namespace, now), now, Write.delete(0, now));
    List<ExpiredKey> stored = reader.expired(namespace, now, BATCH);
    count += expire(stored, now, Write.expiry(0, now));
    DirectBackend.Removal atOnce = reader.removeExpired(namespace);
    count += atOnce.removed();
    removed.add(count);
    boolean full = stored.size() == BATCH || atOnce.more();
    span.swept(name, count, full);
    return new Batch(count, full);
  }

  private int expire(List<ExpiredKey> expired, long now, Write delete) {
    int sum = 0;
    for (int from = 0; from < expired.size(); from += TOGETHER) {
      int to = Math.min(from + TOGETHER, expired.size());
      Removal removal = new Removal(expired.subList(from, to), now, delete);
      if (buffer.commit(removal) > 0) {
        sum += removal.size;
      }
    }
    return sum;
  }

  private record Batch(int removed, boolean full) {}

  /** The removal of those of some keys that nobody has written since they expired. */
  private final class Removal implements Proposal {
    private final List<ExpiredKey> expired;
    private final long now;
    private final Write delete;

    /** How many keys were proposed last. */
    private int size;

    Removal(List<ExpiredKey> expired, long now, Write delete) {
      this.expired = expired;
      this.now = now;
      this.delete = delete;
    }

    @Override
    public @Nullable WriteBatch propose() {
      Map<String, Map<String, Write>> deletes = new HashMap<>();
      List<Precondition> conditions = new ArrayList<>();
      long asOf = buffer.sequence();
      for (ExpiredKey key : expired) {
        StoredEntry seen = reader.look(key.namespace(), key.key(), now).entry();
        if (seen != null && seen.sequence() == key.sequence() && seen.isGoneAt(now)) {
          deletes
              .computeIfAbsent(key.namespace(), name -> new LinkedHashMap<>())
              .put(key.key(), delete);
          conditions.add(
              new Precondition.Unchanged(key.namespace(), key.key(), asOf, key.sequence()));
        }
      }
      size = conditions.size();
      return size == 0 ? null : WriteBatch.unlimited(deletes, conditions);
    }
  }
}
