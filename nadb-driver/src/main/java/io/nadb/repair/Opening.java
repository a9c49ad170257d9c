package io.nadb.repair;

import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.log.append.LogEnd;
import io.nadb.internal.log.recovery.LiveRecovery;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * What opening a log comes to: the very code that opens has been run, without writing.
 *
 * @param refusal why it would be refused; null if it would be opened
 * @param sequence the number of the last write of the last whole cut; 0 if there is none
 * @param time when that cut was made, in milliseconds since 1970; 0 if nobody knows
 * @param keys how many keys there are, expired ones included
 * @param last the file that has the last whole cut; null if there is none
 * @param end where that cut ends
 */
record Opening(
    @Nullable String refusal, long sequence, long time, long keys, @Nullable Path last, long end) {

  static Opening tried(Path log) {
    try {
      Recovery.Recovered recovered =
          LiveRecovery.open(log, new UntouchedDisk(), Long.MAX_VALUE, new SecureRandom());
      try {
        LogEnd end = recovered.end();
        Segment segment = end.segment();
        return new Opening(
            null,
            end.sequence(),
            end.time(),
            recovered.state().index().size(),
            segment == null ? null : segment.file(),
            segment == null ? 0 : segment.end());
      } finally {
        recovered.state().closeContents();
      }
    } catch (IOException | NadbException | InternalError e) {
      return new Opening(Reason.of(e), 0, 0, 0, null, 0);
    }
  }
}
