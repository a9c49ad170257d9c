package io.nadb.internal.log;

import io.nadb.HistoryLostException;
import io.nadb.KeyVersion;
import io.nadb.internal.log.history.CutBoundary;
import io.nadb.internal.log.history.KeyVersions;
import io.nadb.internal.log.history.PastIndex;
import io.nadb.internal.log.history.RetainedCuts;
import io.nadb.internal.log.query.Queries;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.PastView;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows what a log held earlier, to somebody who has come in by the gate, and leaves in the end.
 */
final class PastLog {
  /** An index takes so much for each key, roughly. */
  private static final long BYTES_PER_KEY = 37;

  private final SegmentSet live;
  private final int ticket;

  /**
   * For one question.
   *
   * @param ticket what the gate has given
   */
  PastLog(SegmentSet live, int ticket) {
    this.live = live;
    this.ticket = ticket;
  }

  /**
   * Opens a view of the last cut that was made by a time; leaves by the gate when that is closed.
   *
   * @param time in milliseconds since 1970
   * @param now what time it is
   */
  PastView view(long time, long now) throws IOException {
    try {
      RetainedCuts cuts = RetainedCuts.of(live);
      PastIndex index = new PastIndex(live, cuts, find(cuts, time, now));
      index.complete();
      SegmentSet past = index.state();
      Moment moment = Moment.now(past);
      return new PastView(
          index.boundary().sequence(),
          new LogView(
              past, new Queries(past), moment, BYTES_PER_KEY * past.index().size(), this::leave));
    } catch (InternalError e) {
      leave();
      throw UnreadablePage.in(live, e);
    } catch (Throwable e) {
      leave();
      throw e;
    }
  }

  /** Finds the versions of a key, and leaves by the gate. */
  List<KeyVersion> versions(String namespace, String key, int limit) throws IOException {
    try {
      return KeyVersions.newestFirst(live, namespace, key, limit);
    } catch (InternalError e) {
      throw UnreadablePage.in(live, e);
    } finally {
      leave();
    }
  }

  private void leave() {
    live.gate().exit(ticket);
  }

  private CutBoundary find(RetainedCuts cuts, long time, long now) {
    CutBoundary last = cuts.last();
    if (time > now && (last == null || time > last.time())) {
      throw new IllegalArgumentException(
          live.directory().getParent()
              + ": "
              + Instant.ofEpochMilli(time)
              + " is still to come; what will have been written by then, nobody knows. It is "
              + Instant.ofEpochMilli(now)
              + " now");
    }
    CutBoundary oldest = cuts.oldest();
    CutBoundary found = oldest == null ? null : cuts.lastBy(time);
    if (oldest == null || found == null || found.sequence() < oldest.sequence()) {
      throw lost(time, oldest);
    }
    return found;
  }

  private HistoryLostException lost(long time, @Nullable CutBoundary oldest) {
    String what =
        live.directory().getParent() + ": what was there at " + Instant.ofEpochMilli(time);
    if (oldest == null) {
      return new HistoryLostException(
          what + " is not kept: nothing has been flushed yet", Optional.empty());
    }
    Instant earliest = Instant.ofEpochMilli(oldest.time());
    return new HistoryLostException(
        what
            + " is not kept; the earliest moment that can be shown is "
            + earliest
            + ". The option 'history' says how much is kept from now on",
        Optional.of(earliest));
  }
}
