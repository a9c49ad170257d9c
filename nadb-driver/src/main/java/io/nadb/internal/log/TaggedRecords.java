package io.nadb.internal.log;

import io.nadb.spi.StoredEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The records that a question has found, and the entries that they are, in key order if need be.
 */
final class TaggedRecords {
  private final TagSets tagSets;
  private List<Hit> hits = new ArrayList<>();

  TaggedRecords(TagSets tagSets) {
    this.tagSets = tagSets;
  }

  private record Hit(LogRecord record, TagSets.Combination tags) {}

  /** Takes a record in if it has the tags that are asked for, and one at least. */
  void add(LogRecord record) {
    if (record.hasTags()) {
      TagSets.Combination tags = tagSets.of(record);
      if (tags.matches()) {
        hits.add(new Hit(record, tags));
      }
    }
  }

  /**
   * Sorts by key; all are of one namespace. Most keys can be told apart by a few bytes after those
   * that all have in common: those bytes are sorted, as numbers, and then keys that share them.
   */
  void sort() {
    int count = hits.size();
    if (count < 2) {
      return;
    }
    byte[] first = hits.get(0).record.keyBytes();
    int common = first.length;
    for (Hit hit : hits) {
      common = hit.record.commonKeyBytes(first, common);
    }
    int placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
    long[] order = new long[count];
    for (int place = 0; place < count; place++) {
      long signed = hits.get(place).record.keyPrefix(common) ^ Long.MIN_VALUE;
      order[place] = signed >> placeBits << placeBits | place;
    }
    Arrays.sort(order);
    List<Hit> sorted = new ArrayList<>(count);
    for (long each : order) {
      sorted.add(hits.get((int) (each & ((1L << placeBits) - 1))));
    }
    for (int from = 0; from < count; ) {
      int to = from + 1;
      while (to < count && order[to] >> placeBits == order[from] >> placeBits) {
        to++;
      }
      if (to - from > 1) {
        sorted.subList(from, to).sort((a, b) -> a.record.compareKey(b.record));
      }
      from = to;
    }
    hits = sorted;
  }

  List<StoredEntry> toEntries() {
    StoredEntry[] entries = new StoredEntry[hits.size()];
    for (int i = 0; i < entries.length; i++) {
      Hit hit = hits.get(i);
      entries[i] = hit.record.toEntry(hit.tags.tags());
    }
    return Arrays.asList(entries);
  }
}
