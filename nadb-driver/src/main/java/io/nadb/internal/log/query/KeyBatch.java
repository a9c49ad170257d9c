package io.nadb.internal.log.query;

import io.nadb.internal.log.format.LogRecord;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The keys of some records that are sorted at once, by namespace and key. */
final class KeyBatch {
  /** So many bytes of keys are sorted at once. */
  private static final long MAX_BYTES = 32L << 20;

  private final NavigableMap<byte[], KeySorter> sorters = new TreeMap<>(Arrays::compareUnsigned);
  private byte[] namespace = {};
  private KeySorter sorter = new KeySorter();
  private int count;
  private long bytes;

  int count() {
    return count;
  }

  /** Whether it is time to sort. */
  boolean isFull() {
    return count == KeySorter.MAX_KEYS || bytes > MAX_BYTES;
  }

  void add(LogRecord record, long position) {
    if (count == 0 || !record.isIn(namespace)) {
      namespace = record.namespaceBytes();
      sorter = sorters.computeIfAbsent(namespace, added -> new KeySorter());
    }
    byte[] key = record.keyBytes();
    sorter.add(key, position);
    bytes += key.length;
    count++;
  }

  /** Gives the positions in the order of their keys. */
  long[] sorted() {
    return sorters.values().stream().map(KeySorter::sorted).flatMapToLong(Arrays::stream).toArray();
  }
}
