package io.nadb.internal.log;

import static io.nadb.spi.StorageBackend.AT_ONCE;

import io.nadb.TimeSource;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.maintenance.Compactor;
import io.nadb.internal.log.maintenance.HintWriter;
import io.nadb.internal.log.maintenance.Projection;
import io.nadb.internal.log.query.Queries;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.StorageBackend.Load;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The background work of a log, step by step, for who has come in by the gate. */
final class LogUpkeep {
  private final SegmentSet state;
  private final ActiveSegment log;
  private final Queries queries;
  private final Projection projection;
  private final HintWriter hints;
  private final Compactor compactor;
  private final @Nullable HistoryFigures history;
  private final TimeSource time;

  LogUpkeep(
      SegmentSet state,
      ActiveSegment log,
      Queries queries,
      Projection projection,
      HintWriter hints,
      Compactor compactor,
      @Nullable HistoryFigures history,
      TimeSource time) {
    this.state = state;
    this.log = log;
    this.queries = queries;
    this.projection = projection;
    this.hints = hints;
    this.compactor = compactor;
    this.history = history;
    this.time = time;
  }

  /**
   * Does a bounded step.
   *
   * @param isOwned whether the directory is this store's, as far as is known
   * @param retires whether files that have been replaced wait to be closed, and can be
   * @return when to go on, as {@link io.nadb.spi.StorageBackend#maintain} does
   */
  long step(Load load, BooleanSupplier isOwned, boolean retires) throws IOException {
    boolean idle = load != Load.BUSY;
    if (load == Load.ASLEEP) {
      log.rest();
    }
    boolean more = state.contents().step(state, log.lastSegment());
    more |= retires;
    more |= queries.maintain(idle);
    boolean owned = !idle || isOwned.getAsBoolean();
    boolean waits = compactor.waitsForDatabase();
    if (idle && owned) {
      boolean behind = projection.step(waits);
      waits &= behind;
      more |= behind;
      more |= hints.step();
    } else if (idle) {
      waits = false;
    }
    more |= waits || compactor.run(idle);
    if (history != null) {
      history.update(compactor.count());
    }
    return more ? AT_ONCE : resumesAt(owned);
  }

  /** Closes one after the other, whatever happens in any of them. */
  void close() throws IOException {
    try {
      compactor.close();
    } finally {
      try {
        hints.close();
      } finally {
        log.close();
      }
    }
    hints.writeLast();
  }

  private long resumesAt(boolean owned) {
    long at = compactsAt();
    if (state.retirement().isWaiting()) {
      at = Math.min(at, time.nanoTime() + state.retirement().pauseNanos());
    }
    return owned ? Math.min(at, projection.resumesAt()) : at;
  }

  /** When something may have become older than the history that is kept. */
  private long compactsAt() {
    long millis = compactor.resumesInMillis();
    return millis == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : time.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
