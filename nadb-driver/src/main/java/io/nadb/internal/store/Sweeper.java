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
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Removes expired entries: an ordinary delete each, guarded by sequence number so that a newer
 * write of the key survives.
 */
final class Sweeper {
  private static final int BATCH = 1000;

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
    int count = 0;
    for (ExpiredKey key : reader.expiredInBuffer(namespace, now)) {
      count += expire(key, now, Write.delete(0, now)) ? 1 : 0;
    }
    List<ExpiredKey> stored = reader.expired(namespace, now, BATCH);
    for (ExpiredKey key : stored) {
      count += expire(key, now, Write.expiry(0, now)) ? 1 : 0;
    }
    DirectBackend.Removal atOnce = reader.removeExpired(namespace);
    count += atOnce.removed();
    removed.add(count);
    boolean full = stored.size() == BATCH || atOnce.more();
    span.swept(name, count, full);
    return new Batch(count, full);
  }

  private boolean expire(ExpiredKey expired, long now, Write delete) {
    while (true) {
      long epoch = buffer.epoch();
      StoredEntry seen = reader.look(expired.namespace(), expired.key(), now).entry();
      if (seen == null || seen.sequence() != expired.sequence() || !seen.isGoneAt(now)) {
        return false;
      }
      if (buffer.replace(
              expired.namespace(), expired.key(), seen, epoch, delete, WriteBuffer.UNLIMITED)
          > 0) {
        return true;
      }
    }
  }

  private record Batch(int removed, boolean full) {}
}
