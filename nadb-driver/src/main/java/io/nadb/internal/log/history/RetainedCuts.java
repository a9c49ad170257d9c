package io.nadb.internal.log.history;

import io.nadb.CorruptStoreException;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.format.SegmentScanner.Commit;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The cuts that a log has at one moment, in their order, and which of them are whole: what the log
 * was then can be told from what it has.
 *
 * <p>Compaction makes one cut of several, and leaves out what later ones outdate; its closing
 * record says up to which sequence number it has looked for these. So no cut before that is whole,
 * in any segment, and that one and all after it are, as far as this segment goes.
 *
 * <p>For who has come in by the gate, and leaves when this is no longer used.
 */
public final class RetainedCuts {
  private final SegmentSet state;
  private final List<Part> parts = new ArrayList<>();

  /**
   * A segment, as far as it counts.
   *
   * @param end where the cuts end that the index knew
   */
  public record Part(Segment segment, long end) {

    /** Whether it has a cut. */
    boolean isEmpty() {
      return end <= segment.start();
    }
  }

  private RetainedCuts(SegmentSet state) {
    this.state = state;
  }

  /** Looks what there is. */
  public static RetainedCuts of(SegmentSet state) {
    RetainedCuts cuts = new RetainedCuts(state);
    List<Segment> chain = new ArrayList<>();
    long covered = 0;
    for (Segment segment : state.segments()) {
      // While compaction leads readers over, those that it has replaced are still there.
      if (segment.ordinal() > covered) {
        chain.add(segment);
        covered = segment.header().covers();
      }
    }
    for (int i = 0; i < chain.size(); i++) {
      Segment segment = chain.get(i);
      SegmentHeader next = i + 1 == chain.size() ? null : chain.get(i + 1).header();
      cuts.parts.add(new Part(segment, end(segment, next)));
    }
    return cuts;
  }

  /** What a segment has beyond where the next one says that it ends was never acknowledged. */
  private static long end(Segment segment, @Nullable SegmentHeader next) {
    long end = Math.min(segment.publishedEnd(), segment.end());
    if (next == null
        || next.generation() != 0
        || next.version() == 1
        || segment.header().isCompacted()) {
      return end;
    }
    return Math.min(end, next.previousEnd());
  }

  /** The segments that count, in the order of the log; not to be changed. */
  public List<Part> parts() {
    return parts;
  }

  /** The last cut of a segment, given by its number; null if it has none. */
  public @Nullable CutBoundary endOf(int number) {
    Part part = parts.get(number);
    return part.isEmpty() ? null : boundary(number, part.end(), lastCommit(part));
  }

  /** The last cut; null if there is none. */
  public @Nullable CutBoundary last() {
    for (int i = parts.size() - 1; i >= 0; i--) {
      CutBoundary end = endOf(i);
      if (end != null) {
        return end;
      }
    }
    return null;
  }

  /** The oldest cut that is whole, and whose time is known; null if there is none. */
  public @Nullable CutBoundary oldest() {
    long looked = 0;
    for (Part part : parts) {
      if (!part.isEmpty() && isMerged(part)) {
        looked = Math.max(looked, lookedUpTo(part));
      }
    }
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.isEmpty() || part.segment().header().version() == 1) {
        continue;
      }
      Commit last = lastCommit(part);
      if (last.sequence() < looked || last.time() == 0) {
        continue; // What was written by format version 1 knows no time.
      }
      if (isMerged(part) || (last.sequence() == looked && looked > 0)) {
        return boundary(i, part.end(), last);
      }
      long from = looked;
      return first(i, commit -> commit.sequence() >= from);
    }
    return null;
  }

  /**
   * The last cut that was made by then, whole or not; null if there is none.
   *
   * @param time in milliseconds since 1970
   */
  public @Nullable CutBoundary lastBy(long time) {
    CutBoundary found = null;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.isEmpty()) {
        continue;
      }
      Commit last = lastCommit(part);
      if (last.time() > time) {
        CutBoundary inside = isMerged(part) ? null : lastOf(i, time);
        return inside == null ? found : inside;
      }
      found = boundary(i, part.end(), last);
    }
    return found;
  }

  /** Whether a segment is one cut that was made of several. */
  private static boolean isMerged(Part part) {
    return part.segment().header().isCompacted();
  }

  /** Up to where compaction had looked for what outdates records of a segment. */
  private long lookedUpTo(Part part) {
    Commit commit = lastCommit(part);
    return Math.max(commit.needed(), commit.sequence());
  }

  private Commit lastCommit(Part part) {
    Commit commit = state.scanner(part.segment()).commitBefore(part.end());
    if (commit == null) {
      throw new CorruptStoreException(
          part.segment().file(), part.end(), "no cut ends here, where one did");
    }
    return commit;
  }

  private static CutBoundary boundary(int number, long end, Commit commit) {
    return new CutBoundary(number, end, commit.sequence(), commit.time());
  }

  private @Nullable CutBoundary first(int number, Predicate<Commit> wanted) {
    Walk walk = new Walk(number);
    while (walk.next()) {
      if (wanted.test(walk.commit())) {
        return walk.boundary();
      }
    }
    return null;
  }

  private @Nullable CutBoundary lastOf(int number, long time) {
    CutBoundary found = null;
    Walk walk = new Walk(number);
    while (walk.next() && walk.commit().time() <= time) {
      found = walk.boundary();
    }
    return found;
  }

  /** Goes from cut to cut in a segment. */
  private final class Walk implements SegmentScanner.Visitor<RuntimeException> {
    private final int number;
    private final Part part;
    private final SegmentScanner scanner;
    private long at;
    private @Nullable Commit commit;

    Walk(int number) {
      this.number = number;
      this.part = parts.get(number);
      this.scanner = state.scanner(part.segment());
      this.at = part.segment().start();
    }

    /** Goes to the end of the next cut; returns whether there is one. */
    boolean next() {
      commit = null;
      while (commit == null && at < part.end()) {
        at = scanner.next(at, part.end(), this);
      }
      return commit != null;
    }

    Commit commit() {
      return Objects.requireNonNull(commit);
    }

    CutBoundary boundary() {
      return RetainedCuts.boundary(number, at, commit());
    }

    @Override
    public void visit(LogRecord record) {}

    @Override
    public void close(Commit closing) {
      commit = closing;
    }
  }
}
