package io.nadb.internal.log.maintenance;

import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.segment.HintFile;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.Witness;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

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
  private final CompactionPicker picker;
  private Stage stage = new Picking();
  private Span span = Span.NONE;
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
    this.picker = new CompactionPicker(state, log, projection, segmentBytes);
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
    long excess = picker.excess();
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
      return stage.step(idle);
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

  /** Gives up what is under way; nothing is lost by it. */
  public void abort() {
    stage.abort();
  }

  /** Ends for good; what has been put in its place stays there, and the next open goes on. */
  public void close() {
    stage.abort();
    stage.close();
  }

  /** Where a run stands. One that fails stays where it is, unless there is a way back. */
  private sealed interface Stage {

    /** Does a bounded step; returns whether there is more to do. */
    boolean step(boolean idle) throws IOException;

    /** Goes back to the beginning, if nothing has been put in its place yet. */
    default void abort() {}

    /** Lets go of files that readers would have been given. */
    default void close() {}
  }

  /** No run is under way. */
  private final class Picking implements Stage {

    @Override
    public boolean step(boolean idle) throws IOException {
      boolean urgent = picker.excess() > 0;
      List<Segment> inputs = idle || urgent ? picker.pick(urgent) : List.of();
      if (inputs.isEmpty()) {
        return false;
      }
      span = Recordings.compaction();
      boolean dropsDeletes = picker.dropsDeletes(inputs.get(0));
      stage = new Copying(new CompactionRun(state, io, inputs, dropsDeletes));
      return true;
    }
  }

  /** What is current is copied. */
  private final class Copying implements Stage {
    private final CompactionRun run;

    Copying(CompactionRun run) {
      this.run = run;
    }

    @Override
    public boolean step(boolean idle) throws IOException {
      if (run.copySome()) {
        return true;
      }
      stage = new Copied(run, log.syncedSequence());
      return stage.step(idle);
    }

    @Override
    public void abort() {
      stage = new Picking();
      run.abort();
    }
  }

  /**
   * All is copied, and put in its place once all is on disk that made the run leave records out:
   * what outdates them may be merely written, and a power cut would take both.
   */
  private final class Copied implements Stage {
    private final CompactionRun run;
    private final long syncedBefore;

    Copied(CompactionRun run, long syncedBefore) {
      this.run = run;
      this.syncedBefore = syncedBefore;
    }

    @Override
    public boolean step(boolean idle) throws IOException {
      long synced = log.syncedSequence();
      if (log.hasUnsynced() && synced == syncedBefore) {
        return false;
      }
      if (!projection.isPast(run.lastOrdinal())) {
        projection.lose(); // It would miss the deletions that are dropped here.
      }
      run.write(synced);
      run.replace();
      stage = new Renamed(run); // From here on there is no way back, whatever happens.
      return true;
    }

    @Override
    public void abort() {
      stage = new Picking();
      run.abort();
    }
  }

  /** The rename is not known to be on disk, or not listed: nothing may build on it yet. */
  private final class Renamed implements Stage {
    private final CompactionRun run;

    Renamed(CompactionRun run) {
      this.run = run;
    }

    @Override
    public boolean step(boolean idle) throws IOException {
      io.syncDirectory(state.directory());
      state.witness().replace(run.header(), run.bytesAfter());
      stage = new Switching(run);
      return true;
    }

    @Override
    public void close() {
      run.closeOutput();
    }
  }

  /** The outcome is in its place, and readers are being led to it. */
  private final class Switching implements Stage {
    private final CompactionRun run;

    Switching(CompactionRun run) {
      this.run = run;
    }

    @Override
    public boolean step(boolean idle) {
      if (!run.switchSome(listener)) {
        count = count + 1;
        span.compacted(
            String.valueOf(state.directory().getParent()),
            run.inputs(),
            run.bytesBefore(),
            run.bytesAfter());
        stage = run.replaced().isEmpty() ? new Picking() : new Deleting(run.replaced());
      }
      return true;
    }

    @Override
    public void close() {
      run.closeOutput();
    }
  }

  /** No reader needs the other inputs any more. */
  private final class Deleting implements Stage {
    private final Deque<Path> files;

    Deleting(List<Path> files) {
      this.files = new ArrayDeque<>(files);
    }

    @Override
    public boolean step(boolean idle) throws IOException {
      io.delete(HintFile.of(files.element()));
      io.delete(files.element());
      io.syncDirectory(state.directory());
      files.remove();
      if (files.isEmpty()) {
        stage = new Picking();
      }
      return true;
    }
  }
}
