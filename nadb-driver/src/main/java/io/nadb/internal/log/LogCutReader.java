package io.nadb.internal.log;

import io.nadb.ChangeKind;
import io.nadb.CorruptStoreException;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.CutReaders;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.WholeCuts;
import io.nadb.spi.CutReader;
import io.nadb.spi.CutsLostException;
import io.nadb.spi.StoredChange;
import io.nadb.spi.StoredCut;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the cuts of a log, up to where it is on disk.
 *
 * <p>It comes in by the gate for one cut, and leaves. In between, segments come and go: it knows
 * the file that it was in by its id, and if that is gone, it looks for its place anew, by number.
 */
final class LogCutReader implements CutReader {
  private final Supplier<LogVisit> gate;
  private final CutReaders.Place place;
  private volatile long sequence;

  /** The file that it is in, where in there the next cut begins; 0: not known. */
  private long file;

  private long ordinal;
  private long at;

  private LogCutReader(Supplier<LogVisit> gate, CutReaders.Place place, long after) {
    this.gate = gate;
    this.place = place;
    this.sequence = after;
  }

  /**
   * Begins after a number.
   *
   * @throws CutsLostException if cuts after it are missing, or if there is no such number
   */
  static LogCutReader open(Supplier<LogVisit> gate, long after) throws CutsLostException {
    try (LogVisit visit = gate.get()) {
      SegmentSet state = visit.state();
      // First: nothing that is there now is taken away before it is known what is needed.
      CutReaders.Place place = state.cutReaders().begin(0);
      try {
        LogCutReader reader = new LogCutReader(gate, place, after);
        NavigableMap<Long, Segment> segments = state.byOrdinal();
        long last = 0;
        for (Segment segment : segments.descendingMap().values()) {
          last = WholeCuts.lastSequence(state, segment);
          if (last != 0) {
            break;
          }
        }
        if (after > last) {
          throw new CutsLostException(
              "the log ends at write "
                  + last
                  + ", before it: it was put back to an earlier state, or the end of it was lost");
        }
        reader.find(state, segments);
        place.move(reader.ordinal);
        return reader;
      } catch (InternalError e) {
        place.close();
        throw UnreadablePage.in(state, e);
      } catch (Throwable e) {
        place.close();
        throw e;
      }
    }
  }

  @Override
  public long sequence() {
    return sequence;
  }

  @Override
  public @Nullable StoredCut next(@Nullable String namespace) throws IOException {
    try (LogVisit visit = gate.get()) {
      SegmentSet state = visit.state();
      NavigableMap<Long, Segment> segments = state.byOrdinal(); // Before any of their ends.
      try {
        Segment segment = here(state, segments);
        while (segment != null) {
          StoredCut cut = next(state, segment, namespace);
          if (cut != null) {
            return cut;
          }
          segment = following(segments, segment) ? here(state, segments) : null;
        }
        return null;
      } catch (InternalError e) {
        throw UnreadablePage.in(state, e);
      } finally {
        place.move(ordinal);
      }
    }
  }

  /** Gives the segment that it is in; null if there is none in the log. */
  private @Nullable Segment here(SegmentSet state, NavigableMap<Long, Segment> segments)
      throws CutsLostException {
    Segment segment = segments.get(ordinal);
    if (segment == null || segment.header().id() != file) {
      find(state, segments);
      segment = segments.get(ordinal);
    }
    return segment;
  }

  /** Goes on to the segment after one that has been gone through, if there is one. */
  private boolean following(NavigableMap<Long, Segment> segments, Segment segment) {
    Map.Entry<Long, Segment> next = segments.higherEntry(segment.header().covers());
    if (next == null) {
      return false;
    }
    ordinal = next.getKey();
    file = 0; // It may have been compacted, which is to be looked at.
    return true;
  }

  /** Finds the first segment that has a cut after the number. */
  private void find(SegmentSet state, NavigableMap<Long, Segment> segments)
      throws CutsLostException {
    long oldest = WholeCuts.oldest(state, segments);
    if (sequence < oldest) {
      throw new CutsLostException(
          "compaction has made one of the cuts up to write " + oldest + ", and dropped the rest");
    }
    Segment found = null;
    long begin = 0;
    for (Segment segment : segments.descendingMap().values()) {
      long end = segment.syncedEnd();
      long last = WholeCuts.lastSequence(state, segment);
      boolean done = last != 0 && last <= sequence;
      if (found == null || !done) {
        found = segment;
        begin = done && end == segment.syncedEnd() ? end : segment.start();
      }
      if (done) {
        break;
      }
    }
    if (found != null) {
      ordinal = found.ordinal();
      file = found.header().id();
      at = begin;
    }
  }

  /** Reads the next cut in a segment that has one after the number; null if there is none. */
  private @Nullable StoredCut next(SegmentSet state, Segment segment, @Nullable String namespace)
      throws IOException {
    long end = segment.syncedEnd();
    if (at >= end) {
      return null;
    }
    SegmentScanner scanner = state.scanner(segment);
    while (at < end) {
      Collecting cut = new Collecting(segment, namespace);
      long from = at;
      long next = at;
      while (cut.commit == null) {
        if (next >= end) {
          throw new CorruptStoreException(segment.file(), from, "a cut has no end");
        }
        next = scanner.next(next, end, cut);
      }
      SegmentScanner.Commit commit = cut.commit;
      if (commit.cutStart() != from || commit.count() != cut.count) {
        throw new CorruptStoreException(
            segment.file(), from, "a cut's closing record does not fit its cut");
      }
      at = next;
      if (commit.sequence() > sequence) {
        sequence = commit.sequence();
        return new StoredCut(sequence, commit.time(), cut.changes);
      }
    }
    return null;
  }

  /** Collects what a cut has after the number that has been shown. */
  private final class Collecting implements SegmentScanner.Visitor<RuntimeException> {
    private final Segment segment;
    private final byte @Nullable [] namespace;
    private final List<StoredChange> changes = new ArrayList<>();
    private int count;
    private SegmentScanner.@Nullable Commit commit;

    Collecting(Segment segment, @Nullable String namespace) {
      this.segment = segment;
      this.namespace = namespace == null ? null : namespace.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void visit(LogRecord record) {
      count++;
      if (record.sequence() > sequence && (namespace == null || record.isIn(namespace))) {
        changes.add(change(segment, record));
      }
    }

    @Override
    public void close(SegmentScanner.Commit closing) {
      commit = closing;
    }
  }

  private StoredChange change(Segment segment, LogRecord record) {
    return new StoredChange(
        record.namespace(), kind(record), record.toEntry(), () -> value(segment, record));
  }

  private static ChangeKind kind(LogRecord record) {
    if (record.isDelete()) {
      return record.isExpiry() ? ChangeKind.EXPIRED : ChangeKind.DELETED;
    }
    return record.isTouch() ? ChangeKind.TOUCHED : ChangeKind.SET;
  }

  /** Reads a value, if the file is still there. */
  private byte[] value(Segment segment, LogRecord record) throws IOException {
    try (LogVisit visit = gate.get()) {
      SegmentSet state = visit.state();
      Segment now = state.byOrdinal().get(segment.ordinal());
      if (now == null || now.header().id() != segment.header().id()) {
        now = state.isReadable(segment) ? segment : null;
      }
      if (now == null) {
        throw new CutsLostException("compaction has taken the value away since its cut was read");
      }
      try {
        return record.value(now.content());
      } catch (InternalError e) {
        throw UnreadablePage.in(state, e);
      }
    }
  }

  @Override
  public void close() {
    place.close();
  }
}
