package io.nadb.internal.log.maintenance;

import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.segment.HintFile;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.Witness;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.StorageIo;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives space back: copies what is current out of neighbouring segments that are mostly garbage
 * into one that takes the place of the first of them. Runs in small steps, on the sync thread
 * alone.
 *
 * <p>Opening stays right at every moment of this:
 *
 * <pre>
 *   1  write NNN.seg.compact, fsync        a crash leaves a temporary file, deleted at open
 *   2  rename it over the first input      it holds the outcome of all inputs, and its header says
 *      fsync the directory                 which they are: the others count no more
 *   3  list it in the place of the inputs  see {@link Witness}
 *   4  move the index over, slot by slot, unless a newer write has come
 *   5  delete the other inputs
 * </pre>
 *
 * <p>If nothing is current in the inputs, a segment without records takes their place, so that no
 * number is missing. The next run over its neighbours takes it in.
 *
 * <p>A deletion record is dropped when no segment before the inputs has an outdated record that
 * could come back. Segments that the metadata database has not caught up with are left alone, until
 * garbage has piled up; then the database is begun anew.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // only the sync thread updates
public final class Compactor {
  private static final Logbook LOG = Logbook.of(Compactor.class);

  /** Of so many steps, one copies about as much as one megabyte of writes makes garbage. */
  private static final int MIN_URGENT_STEPS = 4;

  private static final int MAX_STEPS = 16;

  private final SegmentSet state;
  private final ActiveSegment log;
  private final Projection projection;
  private final RecordListener listener;
  private final StorageIo io;
  private final long segmentBytes;
  private final Deque<Path> deletions = new ArrayDeque<>();
  private @Nullable CompactionRun run;
  private Span span = Span.NONE;

  /** The run that has copied everything, and what was on disk then. */
  private @Nullable CompactionRun waiting;

  private long syncedBefore;

  /** The run whose outcome is in place, and to which readers are being led. */
  private @Nullable CompactionRun switching;

  /** Whether a rename is not known to be on disk, or not listed: nothing may build on it yet. */
  private boolean renamed;

  private long failedAt = -1;
  private volatile long count;

  public Compactor(
      SegmentSet state,
      ActiveSegment log,
      Projection projection,
      RecordListener listener,
      StorageIo io,
      LogSettings settings) {
    this.state = state;
    this.log = log;
    this.projection = projection;
    this.listener = listener;
    this.io = io;
    this.segmentBytes = settings.segmentBytes();
  }

  /** How many runs have been completed. */
  public long count() {
    return count;
  }

  /**
   * Does a bounded step; in a busy moment, after which the next may be long in coming, some, the
   * more the more garbage waits. Returns whether there is more.
   */
  public boolean run(boolean idle) {
    boolean more = true;
    for (int left = idle ? 1 : steps(); more && left > 0; left--) {
      more = step(idle);
    }
    return more;
  }

  /**
   * How many steps keep pace with who writes as fast as they can: a few, and more if these have not
   * been enough.
   */
  private int steps() {
    long excess = excess();
    if (excess <= 0) {
      return 1;
    }
    long more = MAX_STEPS * excess / (state.liveBytes() + segmentBytes);
    return (int) Math.min(MAX_STEPS, MIN_URGENT_STEPS + more);
  }

  /** Does a bounded step; returns whether there is more to do. */
  public boolean step(boolean idle) {
    if (failedAt == log.sequence()) {
      return false; // As long as nothing is written, nothing will have changed for the better.
    }
    try {
      CompactionRun replacing = switching;
      if (renamed && replacing != null) {
        io.syncDirectory(state.directory());
        state.witness().replace(replacing.header(), replacing.bytesAfter());
        renamed = false;
        return true;
      }
      if (!deletions.isEmpty()) {
        io.delete(HintFile.of(deletions.element()));
        io.delete(deletions.element());
        io.syncDirectory(state.directory());
        deletions.remove();
        return true;
      }
      if (replacing != null) {
        if (!replacing.switchSome(listener)) {
          switching = null;
          deletions.addAll(replacing.replaced());
          count = count + 1;
          span.compacted(
              String.valueOf(state.directory().getParent()),
              replacing.inputs(),
              replacing.bytesBefore(),
              replacing.bytesAfter());
        }
        return true;
      }
      CompactionRun current = run;
      if (current == null) {
        boolean urgent = excess() > 0;
        List<Segment> inputs = idle || urgent ? choose(urgent) : List.of();
        if (inputs.isEmpty()) {
          return false;
        }
        span = Recordings.compaction();
        run = new CompactionRun(state, io, inputs, dropsDeletes(inputs.get(0)));
        return true;
      }
      if (current.copySome()) {
        return true;
      }
      if (!isDurable(current)) {
        return false;
      }
      if (!projection.isPast(current.lastOrdinal())) {
        projection.lose(); // It would miss the deletions that are dropped here.
      }
      current.write(log.syncedSequence());
      current.replace();
      run = null; // From here on there is no way back, whatever happens.
      renamed = true;
      switching = current;
      return true;
    } catch (Throwable e) {
      LOG.log(Level.WARNING, state.directory() + ": compaction failed; it will be tried again", e);
      failedAt = log.sequence();
      abort();
      if (e instanceof Error error) {
        throw error;
      }
      return false;
    }
  }

  /**
   * Whether all is on disk that made the run leave records out: what outdates them may be merely
   * written, and a power cut would take both.
   */
  private boolean isDurable(CompactionRun copied) {
    long synced = log.syncedSequence();
    if (copied != waiting) {
      waiting = copied;
      syncedBefore = synced;
    }
    return !log.hasUnsynced() || synced != syncedBefore;
  }

  /** Gives up what is under way; nothing is lost by it. */
  public void abort() {
    CompactionRun current = run;
    if (current != null) {
      run = null;
      current.abort();
    }
  }

  /** Ends for good; what has been put in its place stays there, and the next open goes on. */
  public void close() {
    abort();
    CompactionRun replacing = switching;
    if (replacing != null) {
      replacing.closeOutput();
    }
  }

  /**
   * By how much the log is larger than it may become before compaction no longer waits for an idle
   * moment, nor for the metadata database. At one and a half times the live data, with the file
   * that is being written, the one that is being made and the hints, the disk holds less than four
   * times keys and values of a hundred bytes.
   */
  private long excess() {
    long live = state.liveBytes();
    return state.totalBytes() - live - live / 2 - segmentBytes / 2;
  }

  private boolean dropsDeletes(Segment first) {
    return state.byOrdinal().headMap(first.ordinal(), false).values().stream()
        .noneMatch(Segment::hasOutdated);
  }

  /** Picks the segment with the largest share of garbage, and such neighbours as fit in with it. */
  private List<Segment> choose(boolean urgent) {
    List<Segment> inputs = new ArrayList<>();
    Segment best = null;
    double bestShare = 0.5;
    boolean drops = true;
    long deletes = 0;
    long total = 0;
    Segment oldestOutdated = null;
    for (Segment segment : state.segments()) {
      total += segment.end();
      if (isEligible(segment, urgent)) {
        double share = garbageShare(segment, drops);
        if (share >= bestShare) {
          best = segment;
          bestShare = share;
        }
        if (oldestOutdated == null && segment.hasOutdated()) {
          oldestOutdated = segment;
        }
      }
      if (!drops) {
        deletes += segment.deleteBytes();
      }
      drops &= !segment.hasOutdated();
    }
    if (best == null && deletes > total / 4) {
      best = oldestOutdated; // Deletion records pile up that its outdated records keep needed.
    }
    if (best == null) {
      return inputs;
    }
    inputs.add(best);
    long live = best.liveBytes() + best.deleteBytes();
    for (Segment before :
        state.byOrdinal().headMap(best.ordinal(), false).descendingMap().values()) {
      if (!isEligible(before, urgent) || !isPlaceholder(before)) {
        break;
      }
      inputs.add(0, before);
    }
    for (Segment next : state.byOrdinal().tailMap(best.ordinal(), false).values()) {
      live += next.liveBytes() + next.deleteBytes();
      boolean worthIt = garbageShare(next, false) >= 0.5 || next.end() < segmentBytes / 4;
      if (!isEligible(next, urgent) || !worthIt || live > segmentBytes) {
        break;
      }
      inputs.add(next);
    }
    return inputs;
  }

  private boolean isEligible(Segment segment, boolean urgent) {
    return segment != log.lastSegment() && (urgent || !projection.holdsBack(segment.ordinal()));
  }

  /** Whether a segment holds nothing but the place of those that it has replaced. */
  private static boolean isPlaceholder(Segment segment) {
    return segment.header().isCompacted()
        && segment.end() == segment.start() + SegmentFormat.COMMIT_BYTES;
  }

  private static double garbageShare(Segment segment, boolean dropsDeletes) {
    // Without what any rewriting needs: else a small segment would be rewritten again and again.
    long content = segment.end() - segment.start() - SegmentFormat.COMMIT_BYTES;
    if (content <= 0) {
      return 0; // It holds the place of others, or is about to get its first cut.
    }
    long kept = segment.liveBytes() + (dropsDeletes ? 0 : segment.deleteBytes());
    return 1 - (double) kept / content;
  }
}
