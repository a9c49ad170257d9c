package io.nadb.internal.log.query;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.StoredEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the keys with a prefix by going through all of the log, for who has no sorted keys yet: a
 * fraction of what sorting them takes.
 *
 * <p>The segments are those of the beginning, each up to where it ended then. Whatever is current
 * then is in them, and what has been replaced since the moment that is asked about is told by that.
 * What is listed is the record that a key had at that moment: the one that is met, or an older one,
 * or one that compaction has made.
 */
final class PrefixScan {
  /** So many hits are sorted one by one without much ado. */
  private static final int MAX_HITS = 1 << 16;

  /** So many bytes of keys and tags are held for that. */
  private static final long MAX_BYTES = 32L << 20;

  private final Moment moment;
  private final SegmentSet state;
  private final byte[] namespace;
  private final byte[] prefix;
  private final List<LogRecord> hits = new ArrayList<>();

  /** Current records that were found by way of outdated ones, maybe many for each. */
  private final Set<Long> elsewhere = new HashSet<>();

  private long bytes;

  private PrefixScan(Moment moment, SegmentSet state, byte[] namespace, byte[] prefix) {
    this.moment = moment;
    this.state = state;
    this.namespace = namespace;
    this.prefix = prefix;
  }

  /**
   * Lists entries by key; null if there are too many.
   *
   * @throws io.nadb.CorruptStoreException if a record is damaged, be it an outdated one
   */
  static @Nullable List<StoredEntry> entries(
      Moment moment, SegmentSet state, byte[] namespace, byte[] prefix) {
    PrefixScan scan = new PrefixScan(moment, state, namespace, prefix);
    List<Segment> segments = List.copyOf(state.segments());
    long[] ends = segments.stream().mapToLong(Segment::end).toArray();
    for (int i = 0; i < ends.length; i++) {
      if (!scan.search(segments.get(i), ends[i])) {
        return null;
      }
    }
    moment.forEachReplaced(namespace, scan::addReplaced);
    return scan.isFull() ? null : scan.sorted();
  }

  /** Goes through a segment; returns whether there are not too many hits by now. */
  private boolean search(Segment segment, long end) {
    SegmentScanner scanner = state.scanner(segment);
    long at = segment.start();
    while (at < end && !isFull()) {
      at = scanner.next(at, end, record -> visit(segment, record));
    }
    return !isFull();
  }

  /** Adds what compaction may have left out meanwhile, if it has been found already, once more. */
  private void addReplaced(RecordReader.Found replaced) {
    if (replaced.record().keyStartsWith(prefix)) {
      hit(replaced.record());
    }
  }

  private boolean isFull() {
    return hits.size() >= MAX_HITS || bytes >= MAX_BYTES;
  }

  private void hit(LogRecord record) {
    hits.add(record);
    bytes += record.headLength();
  }

  private void visit(Segment segment, LogRecord record) {
    if (record.isDelete() || !record.isIn(namespace) || !record.keyStartsWith(prefix)) {
      return;
    }
    KeyHasher.Fingerprint key = state.fingerprint(record);
    long position = moment.position(key);
    if (position == 0) {
      return;
    }
    if (Position.handle(position) == segment.handle()
        && Position.offset(position) == record.offset()) {
      if (moment.includes(record)) {
        hit(record);
      }
    } else if (elsewhere.add(position)) {
      RecordReader.Found found = moment.find(key, namespace, record.keyBytes(), false);
      if (found != null) {
        hit(found.record());
      }
    }
  }

  private List<StoredEntry> sorted() {
    hits.sort(
        (a, b) -> {
          int order = a.compareKey(b);
          return order != 0 ? order : Long.compare(b.sequence(), a.sequence());
        });
    List<StoredEntry> entries = new ArrayList<>(hits.size());
    LogRecord before = null;
    for (LogRecord hit : hits) {
      if (before == null || hit.compareKey(before) != 0) {
        entries.add(hit.toEntry());
      }
      before = hit;
    }
    return entries;
  }
}
