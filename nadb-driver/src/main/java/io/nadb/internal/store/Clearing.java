package io.nadb.internal.store;

import io.nadb.FlushCause;
import io.nadb.spi.Write;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** Deletes all keys of a namespace. */
final class Clearing {
  /** So many bytes of keys in one cut leave it well below 2 GB, with the records around them. */
  private static final long LARGEST_BYTES = 256L << 20;

  private final WriteBuffer buffer;
  private final LayeredReader reader;
  private final Flusher flusher;
  private final UsageCounts usage;
  private final LongSupplier now;
  private final Settlement settlement;
  private final Runnable checkOpen;

  Clearing(
      WriteBuffer buffer,
      LayeredReader reader,
      Flusher flusher,
      UsageCounts usage,
      LongSupplier now,
      Settlement settlement,
      Runnable checkOpen) {
    this.buffer = buffer;
    this.reader = reader;
    this.flusher = flusher;
    this.usage = usage;
    this.now = now;
    this.settlement = settlement;
    this.checkOpen = checkOpen;
  }

  /** Deletes all keys, while nobody else flushes. */
  void clear(String namespace) {
    reader.prepareQueries();
    settlement.withRetry(
        () ->
            flusher.exclusively(
                () -> {
                  checkOpen.run();
                  flusher.flush(FlushCause.EXPLICIT);
                  clearHeld(namespace);
                }));
    settlement.notice(Write.NEVER);
  }

  /**
   * Deletes all keys in one cut, or in several if one would not fit into a file, after a flush:
   * what is written while the keys are looked up is in the active layer, and goes with the last of
   * them.
   */
  private void clearHeld(String namespace) {
    Set<String> keys = reader.everyKey(namespace);
    Write delete = Write.delete(0, now.getAsLong());
    Map<String, Write> batch = new HashMap<>();
    long bytes = 0;
    for (Iterator<String> i = keys.iterator(); i.hasNext(); ) {
      String key = i.next();
      i.remove(); // So many keys are not kept twice.
      batch.put(key, delete);
      bytes += MemTable.charge(key, delete);
      if (bytes > LARGEST_BYTES || !i.hasNext()) {
        buffer.commit(WriteBatch.clearing(namespace, batch, i.hasNext() ? null : delete));
        usage.of(namespace).deletes().add(batch.size());
        flusher.flush(FlushCause.EXPLICIT);
        batch.clear();
        bytes = 0;
      }
    }
  }
}
