package io.nadb.internal.log.query;

import io.nadb.KeyOrder;
import io.nadb.TagFilter;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.spi.BackendView.Visitor;
import io.nadb.spi.SearchTrace;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Shows entries in the order of keys, from sorted runs of positions: reads from where a range
 * begins to where somebody has had enough, and nothing else.
 */
final class SortedRunWalk {
  private final Moment moment;
  private final RecordReader reader;
  private final KeyRange range;
  private final TagSets tags;
  private final Comparator<String> order;

  /** How many of the reader's reads have been told. */
  private long told;

  SortedRunWalk(Moment moment, KeyRange range, TagFilter filter) {
    this.moment = moment;
    this.reader = new RecordReader(moment);
    this.range = range;
    this.tags = new TagSets(filter);
    this.order = range.descending() ? KeyOrder.INSTANCE.reversed() : KeyOrder.INSTANCE;
  }

  /**
   * Shows what runs lead to.
   *
   * @param wanted which positions are looked at
   */
  void show(List<long[]> runs, LongPredicate wanted, Visitor visitor, SearchTrace trace)
      throws IOException {
    Iterator<StoredEntry> replaced = replaced().values().iterator();
    StoredEntry other = next(replaced);
    MergingIterator merge = MergingIterator.in(reader, runs, range, wanted);
    boolean more = true;
    for (RecordReader.Found next = merge.next();
        more && next != null && range.includes(next.record());
        next = merge.next()) {
      tell(trace);
      RecordReader.Found counted = reader.current(next);
      StoredEntry entry = counted == null ? null : matching(counted.record());
      while (more && entry != null && other != null && !isBefore(entry, other)) {
        if (isBefore(other, entry)) {
          more = visitor.visit(other);
        } // Else it is the same.
        other = next(replaced);
      }
      more = more && (entry == null || visitor.visit(entry));
    }
    while (more && other != null) {
      more = visitor.visit(other);
      other = next(replaced);
    }
    tell(trace);
  }

  private void tell(SearchTrace trace) {
    trace.read(reader.reads() - told);
    told = reader.reads();
  }

  private boolean isBefore(StoredEntry one, StoredEntry other) {
    return order.compare(one.key(), other.key()) < 0;
  }

  private static @Nullable StoredEntry next(Iterator<StoredEntry> entries) {
    return entries.hasNext() ? entries.next() : null;
  }

  private @Nullable StoredEntry matching(LogRecord record) {
    TagSets.Combination combination = tags.of(record);
    return combination.matches() ? record.toEntry(combination.tags()) : null;
  }

  /** What the runs may have no more, since it has been replaced or removed since the moment. */
  private NavigableMap<String, StoredEntry> replaced() {
    NavigableMap<String, StoredEntry> all = new TreeMap<>(order);
    moment.forEachReplaced(
        range.namespace(),
        found -> {
          StoredEntry entry = range.includes(found.record()) ? matching(found.record()) : null;
          if (entry != null) {
            all.put(entry.key(), entry);
          }
        });
    return all;
  }
}
