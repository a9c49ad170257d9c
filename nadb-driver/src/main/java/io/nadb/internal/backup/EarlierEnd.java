package io.nadb.internal.backup;

import io.nadb.HistoryLostException;
import io.nadb.internal.log.history.CutBoundary;
import io.nadb.internal.log.history.RetainedCuts;
import io.nadb.internal.log.history.RetainedCuts.Part;
import io.nadb.internal.log.recovery.LiveRecovery;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.Witness;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the log of a backup is to end so that it is as it was at an earlier moment. */
final class EarlierEnd {
  private final Map<String, Long> kept = new LinkedHashMap<>();
  private final List<Witness.Entry> entries = new ArrayList<>();

  private EarlierEnd(List<Part> parts, CutBoundary end) {
    for (int i = 0; i <= end.number(); i++) {
      Part part = parts.get(i);
      long bytes = i == end.number() ? end.end() : part.end();
      kept.put(String.valueOf(part.segment().file().getFileName()), bytes);
      entries.add(Witness.Entry.of(part.segment().header(), bytes));
    }
  }

  /**
   * Finds the end of the last cut that had been made by a moment.
   *
   * @throws HistoryLostException if what was there then is not in the backup any more
   * @throws IllegalArgumentException if the backup is older
   */
  static EarlierEnd find(StoredBackup backup, Manifest manifest, Instant moment, StorageIo io)
      throws IOException {
    if (moment.isAfter(manifest.made())) {
      throw new IllegalArgumentException(
          "the backup was made at "
              + manifest.made()
              + ", and knows nothing of "
              + moment
              + "; take a later backup, or that moment at the latest");
    }
    Recovery.Recovered found =
        LiveRecovery.open(backup.log(), io, Long.MAX_VALUE, new SecureRandom());
    try {
      RetainedCuts cuts = RetainedCuts.of(found.state());
      CutBoundary oldest = cuts.oldest();
      CutBoundary end = moment.isBefore(Instant.EPOCH) ? null : cuts.lastBy(moment.toEpochMilli());
      if (oldest == null || end == null || end.sequence() < oldest.sequence()) {
        throw lost(backup, moment, oldest);
      }
      return new EarlierEnd(cuts.parts(), end);
    } finally {
      found.state().closeContents();
    }
  }

  private static HistoryLostException lost(
      StoredBackup backup, Instant moment, @Nullable CutBoundary oldest) {
    Optional<Instant> earliest =
        Optional.ofNullable(oldest).map(cut -> Instant.ofEpochMilli(cut.time()));
    return new HistoryLostException(
        "backup "
            + backup.directory()
            + " does not have what was there at "
            + moment
            + earliest
                .map(first -> "; the earliest moment that can be restored from it is " + first)
                .orElse("; it has nothing")
            + ". Take an earlier backup, if there is one",
        earliest);
  }

  /** How many bytes of a segment's file are needed; 0 if none. */
  long kept(String name) {
    return kept.getOrDefault(name, 0L);
  }

  /** What the log's list has to say. */
  List<Witness.Entry> entries() {
    return entries;
  }
}
