package io.nadb.internal.log.maintenance;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.CompactionFigures;
import io.nadb.spi.CompactionRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A compaction that somebody has asked for and waits for: goes once through the log, from its first
 * segment to the one that was the last, so that it ends whatever is written meanwhile.
 *
 * <p>The sync thread does the work and tells of it; whoever waits reads what it was told.
 */
final class RequestedCompaction implements CompactionRequest {
  private final SegmentSet state;
  private final LongSupplier nanoTime;
  private final long last;
  private final boolean keepsHistory;
  private final long begunNanos;
  private final long total;

  /** From which ordinal on it has still to look; for the sync thread. */
  private long next;

  /** What it goes by if history is kept; for the sync thread. */
  private Horizon.@Nullable Round round;

  /** How much it had looked at before the run that is under way; for the sync thread. */
  private long passed;

  /** How many segments have been rewritten; for the sync thread. */
  private int rewritten;

  /** What the log was when its turn came; for the sync thread. */
  private Size before;

  private volatile boolean over;

  @GuardedBy("this")
  private @Nullable Throwable failure;

  @GuardedBy("this")
  private boolean hasNews;

  @GuardedBy("this")
  private boolean wantsSync;

  @GuardedBy("this")
  private Figures figures;

  /** How large a log is. */
  private record Size(int segments, long bytes) {
    static Size of(SegmentSet state) {
      return new Size(state.segments().size(), state.totalBytes());
    }
  }

  /** How far it had come at a moment. */
  private record Figures(
      long bytesDone,
      long bytesTotal,
      Duration duration,
      int rewritten,
      int segmentsBefore,
      int segmentsAfter,
      long bytesBefore,
      long bytesAfter,
      long heldByHistory,
      long heldByFeeds)
      implements CompactionFigures {}

  private RequestedCompaction(
      SegmentSet state, LongSupplier nanoTime, long last, boolean keepsHistory) {
    this.state = state;
    this.nanoTime = nanoTime;
    this.last = last;
    this.keepsHistory = keepsHistory;
    this.total = bytes(1, last);
    this.begunNanos = nanoTime.getAsLong();
    this.before = Size.of(state);
    this.figures = look(0, 0, 0);
  }

  /**
   * Asks for it. If there is garbage in the last segment, the log goes on in the next one, so that
   * this one can be rewritten too; if history is kept, whatever is in it: what it outdates goes
   * only when all of it has become old.
   *
   * @param keepsHistory whether it waits for a round by which it is to go
   */
  static RequestedCompaction begin(
      SegmentSet state, ActiveSegment log, LongSupplier nanoTime, boolean keepsHistory)
      throws IOException {
    Segment active = log.lastSegment();
    if (active != null
        && (CompactionPicker.hasGarbage(active) || (keepsHistory && active.live() > 0))) {
      log.roll();
      log.beginNext();
    }
    Segment last = log.lastSegment();
    long upTo = last == null ? 0 : last.ordinal() - 1;
    return new RequestedCompaction(state, nanoTime, upTo, keepsHistory);
  }

  /** The ordinal of the last segment that it is about. */
  long last() {
    return last;
  }

  /** Whether it is to go by that round, and not by another one. */
  @SuppressWarnings("ReferenceEquality") // each round is another one, whatever it is about
  boolean goesBy(Horizon.@Nullable Round other) {
    return round == other;
  }

  /** Has it go by a round from now on. */
  void goBy(Horizon.Round other) {
    round = other;
  }

  /**
   * Picks the segments that are to be rewritten next; none if it has ended.
   *
   * @param picker knows those that may be: if history is kept, those of the round that it goes by
   */
  List<Segment> pick(CompactionPicker picker) {
    if (next == 0) {
      begin();
    }
    // Who reads cuts is known to the log as it is: no feed loses anything by this.
    List<Segment> chosen = picker.pickAll(next, Math.min(last, state.cutReaders().first() - 1));
    if (chosen.isEmpty()) {
      end();
    } else {
      passed += bytes(next, chosen.get(0).ordinal() - 1);
      next = chosen.get(chosen.size() - 1).header().covers() + 1;
    }
    return chosen;
  }

  private void begin() {
    next = 1;
    before = Size.of(state);
    tell(look(0, 0, 0));
  }

  /** Tells how much has been read in the run that is under way. */
  void progressed(long read) {
    tell(look(Math.min(total, passed + read), 0, 0));
  }

  /** Tells that a run is done with. */
  void rewritten(int segments, long bytes) {
    passed += bytes;
    rewritten += segments;
    progressed(0);
  }

  /** Tells that it ends here, since there is nothing, or nothing any more, that it may rewrite. */
  void end() {
    if (next == 0) {
      begin();
    }
    long heldByHistory = 0;
    long heldByFeeds = 0;
    long unread = state.cutReaders().first();
    for (Segment segment : state.byOrdinal().headMap(last, true).values()) {
      if (CompactionPicker.hasGarbage(segment)) {
        heldByHistory += keepsHistory ? segment.end() : 0;
        heldByFeeds += segment.header().covers() >= unread ? segment.end() : 0;
      }
    }
    over = true;
    tell(look(total, heldByHistory, heldByFeeds));
  }

  private Figures look(long done, long heldByHistory, long heldByFeeds) {
    Size now = Size.of(state);
    return new Figures(
        done,
        total,
        Duration.ofNanos(nanoTime.getAsLong() - begunNanos),
        rewritten,
        before.segments,
        now.segments,
        before.bytes,
        now.bytes,
        heldByHistory,
        heldByFeeds);
  }

  private synchronized void tell(Figures news) {
    figures = news;
    tell(false);
  }

  private long bytes(long from, long to) {
    long sum = 0;
    if (from <= to) {
      for (Segment segment : state.byOrdinal().subMap(from, true, to, true).values()) {
        sum += segment.end();
      }
    }
    return sum;
  }

  /** Tells that it can't go on before a sync. */
  synchronized void blocked() {
    tell(true);
  }

  /** Tells that it has failed. */
  synchronized void fail(Throwable why) {
    over = true;
    failure = why;
    tell(false);
  }

  @GuardedBy("this")
  private void tell(boolean blocked) {
    wantsSync = blocked;
    hasNews = true;
    notifyAll();
  }

  /** Whether it has ended, failed or been given up. */
  boolean isOver() {
    return over;
  }

  @Override
  public synchronized boolean await() throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while a compaction was waited for");
    }
    while (!hasNews) {
      wait();
    }
    hasNews = false;
    if (failure instanceof IOException e) {
      throw e;
    } else if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    }
    return over;
  }

  @Override
  public synchronized boolean wantsSync() {
    return wantsSync;
  }

  @Override
  public void close() {
    over = true;
  }

  @Override
  public synchronized CompactionFigures figures() {
    return figures;
  }
}
