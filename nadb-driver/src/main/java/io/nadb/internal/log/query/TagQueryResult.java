package io.nadb.internal.log.query;

import io.nadb.internal.log.format.LogRecord;
import io.nadb.spi.StoredEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The records that a question has found, and the entries that they are, in key order if need be.
 */
final class TagQueryResult {
  private final TagSets tagSets;
  private List<Hit> hits = new ArrayList<>();
  private boolean mayRepeat;

  TagQueryResult(TagSets tagSets) {
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

  /** Takes in a record that other ones of its key may lead to again. */
  void addAnother(LogRecord record) {
    mayRepeat = true;
    add(record);
  }

  /** Leaves only the latest record of each key; all are of one namespace. */
  void distinct() {
    if (mayRepeat) {
      sort();
    }
  }

  /**
   * Sorts by key; all are of one namespace. Of a key that was found twice, as it was written
   * meanwhile, only the latest record stays. Most keys can be told apart by a few bytes after those
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
    for (int from = 0; from < count; ) {
      int to = from;
      do {
        sorted.add(hits.get((int) (order[to] & ((1L << placeBits) - 1))));
        to++;
      } while (to < count && order[to] >> placeBits == order[from] >> placeBits);
      if (to - from > 1) {
        sortAlike(sorted.subList(sorted.size() - (to - from), sorted.size()));
      }
      from = to;
    }
    hits = sorted;
  }

  /** Sorts hits that only their whole keys can tell apart, if anything can. */
  private static void sortAlike(List<Hit> alike) {
    alike.sort(
        (a, b) -> {
          int order = a.record.compareKey(b.record);
          return order != 0 ? order : Long.compare(b.record.sequence(), a.record.sequence());
        });
    for (int i = alike.size() - 1; i > 0; i--) {
      if (alike.get(i).record.compareKey(alike.get(i - 1).record) == 0) {
        alike.remove(i);
      }
    }
  }

  List<StoredEntry> toEntries() {
    List<StoredEntry> entries = new ArrayList<>(hits.size());
    forEach(entries::add);
    return entries;
  }

  void forEach(Consumer<StoredEntry> each) {
    for (Hit hit : hits) {
      each.accept(hit.record.toEntry(hit.tags.tags()));
    }
  }
}
