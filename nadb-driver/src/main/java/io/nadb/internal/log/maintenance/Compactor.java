package io.nadb.internal.log.maintenance;

import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.HistoryWindow;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.history.PastIndex;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.Witness;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.CompactionRequest;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.LongSupplier;
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
 * <p>If history is kept, "current" means what was so at the {@link Horizon}, and no segment after
 * that is an input.
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

  private static final int REPLAYED_AT_ONCE = 4096;

  private final SegmentSet state;
  private final ActiveSegment log;
  private final Projection projection;
  private final RecordListener listener;
  private final StorageIo io;
  private final CompactionPicker picker;
  private final CompactionRequests requests = new CompactionRequests();

  /** Up to where it may go; null if it may take all. */
  private final @Nullable Horizon horizon;

  private final CompactionPace pace;

  /** For whom the run is that is under way; null if for nobody who waits for it. */
  private @Nullable RequestedCompaction served;

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
    long segmentBytes = settings.segmentBytes();
    this.picker = new CompactionPicker(state, log, projection, segmentBytes);
    HistoryWindow window = settings.history();
    this.horizon =
        window == null ? null : new Horizon(state, log, projection, window, segmentBytes);
    this.pace = new CompactionPace(state, picker, horizon, segmentBytes);
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
    for (int left = idle ? 1 : pace.steps(); more && left > 0; left--) {
      more = step(idle);
    }
    return more;
  }

  /** In how many milliseconds to look again, if nothing is written. */
  public long resumesInMillis() {
    return horizon == null ? Long.MAX_VALUE : horizon.dueInMillis();
  }

  /**
   * Has all garbage go, in the steps to come, for a caller who has just synced all that there is
   * and lets nobody append meanwhile; what is written later is not looked at.
   *
   * @throws IllegalStateException if it is closed
   */
  public CompactionRequest request(LongSupplier nanoTime) throws IOException {
    RequestedCompaction request = RequestedCompaction.begin(state, log, nanoTime, horizon != null);
    requests.add(request);
    return request;
  }

  /** Whether somebody has asked for more than the metadata database has seen by now. */
  public boolean waitsForDatabase() {
    RequestedCompaction asked = requests.current();
    return asked != null && projection.holdsBack(asked.last());
  }

  /** Does a bounded step; returns whether there is more to do. */
  public boolean step(boolean idle) {
    if (failedAt == log.sequence() && requests.current() == null) {
      return false; // As long as nothing is written, nothing will have changed for the better.
    }
    try {
      return stage.step(idle);
    } catch (Throwable e) {
      LOG.log(Level.WARNING, state.directory() + ": compaction failed; it will be tried again", e);
      failedAt = log.sequence();
      abort();
      requests.fail(e);
      if (e instanceof Error error) {
        throw error;
      }
      return false;
    }
  }

  /** Gives up what is under way; nothing is lost by it. */
  public void abort() {
    stage.abort();
    if (horizon != null) {
      horizon.abandon();
    }
  }

  /** Ends for good; what has been put in its place stays there, and the next open goes on. */
  public void close() {
    requests.end(new IllegalStateException("store is closed: " + state.directory().getParent()));
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
      RequestedCompaction asked = requests.current();
      Horizon to = horizon;
      if (to == null) {
        boolean urgent = picker.excess() > 0;
        return ((asked != null || idle || urgent) && begin(picker, asked, urgent, state))
            || requests.current() != null;
      }
      Horizon.Round round = to.round();
      if (round != null && asked != null && !asked.goesBy(round)) {
        to.abandon(); // What was in the window when it began may have left it since.
        round = null;
      }
      return round == null ? beginRound(to, asked, idle) : goOn(to, round, asked);
    }

    private boolean beginRound(Horizon to, @Nullable RequestedCompaction asked, boolean idle) {
      PastIndex past = asked == null ? to.begin(idle) : to.beginAsked();
      if (past != null) {
        stage = new Replaying(to, past, asked);
      } else if (asked != null) {
        asked.end(); // All is younger than the window.
      }
      return past != null || requests.current() != null;
    }

    private boolean goOn(Horizon to, Horizon.Round round, @Nullable RequestedCompaction asked)
        throws IOException {
      if (begin(round.picker(), asked, true, round.past().state())) {
        return true;
      }
      to.end();
      return requests.current() != null;
    }

    private boolean begin(
        CompactionPicker by, @Nullable RequestedCompaction asked, boolean urgent, SegmentSet basis)
        throws IOException {
      List<Segment> chosen = asked == null ? by.pick(urgent) : asked.pick(by);
      if (chosen.isEmpty()) {
        return false;
      }
      span = Recordings.compaction();
      served = asked;
      boolean dropsDeletes = by.dropsDeletes(chosen.get(0).ordinal());
      stage = new Copying(new CompactionRun(state, basis, io, chosen, dropsDeletes));
      return true;
    }
  }

  /** An index of the log at the horizon is being made. */
  private final class Replaying implements Stage {
    private final Horizon to;
    private final PastIndex past;
    private final @Nullable RequestedCompaction asked;

    Replaying(Horizon to, PastIndex past, @Nullable RequestedCompaction asked) {
      this.to = to;
      this.past = past;
      this.asked = asked;
    }

    @Override
    public boolean step(boolean idle) {
      if (!past.step(REPLAYED_AT_ONCE)) {
        Horizon.Round round = to.begun(past);
        if (asked != null) {
          asked.goBy(round);
        }
        stage = new Picking();
      }
      return true;
    }

    @Override
    public void abort() {
      stage = new Picking();
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
      boolean more = run.copySome();
      if (served != null) {
        served.progressed(run.bytesRead());
      }
      if (more) {
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
        requests.block();
        return false;
      }
      if (!projection.isPast(run.lastOrdinal())) {
        projection.lose(); // It would miss the deletions that are dropped here.
      }
      run.write(horizon == null ? synced : horizon.sequence());
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
        if (served != null) {
          served.rewritten(run.inputs(), run.bytesBefore());
        }
        stage = new Deleting(new ReplacedFiles(run.replaced()));
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
    private final ReplacedFiles files;

    Deleting(ReplacedFiles files) {
      this.files = files;
    }

    @Override
    public boolean step(boolean idle) throws IOException {
      if (!files.deleteSome(io, state.directory())) {
        stage = new Picking();
      }
      return true;
    }
  }
}
