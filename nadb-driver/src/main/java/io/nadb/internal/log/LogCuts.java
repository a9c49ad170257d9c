package io.nadb.internal.log;

import io.nadb.internal.log.format.LogIdentity;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.WholeCuts;
import io.nadb.spi.CutLog;
import io.nadb.spi.CutReader;
import io.nadb.spi.CutsLostException;
import java.util.HexFormat;
import java.util.function.Supplier;

/** The cuts in a log's segments, as long as compaction has left them where they are. */
final class LogCuts implements CutLog {
  private final Supplier<LogVisit> gate;

  /**
   * Creates it.
   *
   * @param gate lets somebody in
   */
  LogCuts(Supplier<LogVisit> gate) {
    this.gate = gate;
  }

  @Override
  public String lineage() {
    try (LogVisit visit = gate.get()) {
      LogIdentity identity = visit.state().witness().identity();
      HexFormat hex = HexFormat.of();
      return hex.toHexDigits(identity.lineage0()) + hex.toHexDigits(identity.lineage1());
    }
  }

  @Override
  public long oldest() {
    try (LogVisit visit = gate.get()) {
      SegmentSet state = visit.state();
      try {
        return WholeCuts.oldest(state, state.byOrdinal());
      } catch (InternalError e) {
        throw UnreadablePage.in(state, e);
      }
    }
  }

  @Override
  public void seenUpTo(long sequence) {
    try (LogVisit visit = gate.get()) {
      visit.state().cutReaders().seenUpTo(sequence);
    }
  }

  @Override
  public CutReader read(long after) throws CutsLostException {
    return LogCutReader.open(gate, after);
  }
}
