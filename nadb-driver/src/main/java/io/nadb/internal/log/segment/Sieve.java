package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.Position;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells which noted positions lead to records that are current and were so at a moment, mostly
 * without reading them. Of the keys for which a cut was being applied then, only those pass that
 * had been applied: what came a moment later might be replaced again without a trace.
 *
 * <p>What has been replaced since does not pass; {@link Moment#forEachReplaced} has it. What
 * compaction moves meanwhile may pass at both of its places, or at neither: see {@link
 * SegmentSet#moves}. Used by one thread.
 */
public final class Sieve {
  private final Moment moment;
  private final RecordReader reader;
  private final Set<String> applied;
  private int handle = -1;
  private @Nullable Segment segment;

  /**
   * Makes one.
   *
   * @param applied all keys for which a cut was being applied at the moment, and perhaps others
   */
  public Sieve(Moment moment, Set<String> applied) {
    this.moment = moment;
    this.reader = new RecordReader(moment);
    this.applied = applied;
  }

  /** Whether a position leads to a record that is current and was so. */
  public boolean passes(long position) {
    if (Position.handle(position) != handle) {
      handle = Position.handle(position);
      segment = moment.state().segmentAt(position);
    }
    Segment in = segment;
    if (in == null || in.isOutdated(position)) {
      return false;
    }
    Moment.Age age = moment.age(position);
    if (age != Moment.Age.UNKNOWN) {
      return age == Moment.Age.OLDER;
    }
    RecordReader.Found found = reader.at(position);
    return found != null
        && moment.includes(found.record())
        && !applied.contains(found.record().key());
  }

  /** The same, for a record that must not have expired, either. */
  public boolean passes(long position, long now) {
    if (!passes(position)) {
      return false;
    }
    if (!Position.hasTtl(position)) {
      return true;
    }
    RecordReader.Found found = reader.at(position);
    return found != null && now < found.record().expiresAt();
  }
}
