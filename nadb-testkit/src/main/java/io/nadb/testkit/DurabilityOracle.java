package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.spi.Cut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is known of one location: which writes were acknowledged, and how far its backend has come.
 *
 * <p>A write is <i>written</i> when the backend has taken its cut, and <i>durable</i> when it has
 * synced it.
 */
final class DurabilityOracle {
  private final String place;
  private final Ledger ledger;

  /** The acknowledged writes that are not durable. */
  @GuardedBy("this")
  private final List<Pending> pending = new ArrayList<>();

  /** Whether it has been opened before, so that it is known what must be found. */
  @GuardedBy("this")
  private boolean known;

  /** Whether there is no buffer: what is acknowledged is durable. */
  @GuardedBy("this")
  private boolean writesAtOnce;

  @GuardedBy("this")
  private long written;

  @GuardedBy("this")
  private long durable;

  /** How far the cuts go that the backend has begun to take, or has refused after it began. */
  @GuardedBy("this")
  private long inDoubt;

  DurabilityOracle(String place, Ledger ledger) {
    this.place = place;
    this.ledger = ledger;
  }

  String place() {
    return place;
  }

  /** Forgets what numbers there were, since the backend keeps none. */
  synchronized void startAnew() {
    known = false;
    writesAtOnce = false;
    durable = 0;
    inDoubt = 0;
  }

  /** Checks what a backend has found against what it had promised. */
  synchronized void opened(long recovered) {
    ledger.add("opened " + place + " at #" + recovered);
    if (known && (recovered < durable || recovered > Math.max(inDoubt, durable))) {
      throw new AssertionError(
          place
              + " opened at #"
              + recovered
              + ", but #"
              + durable
              + " is what was durable"
              + (inDoubt > durable ? ", and no cut beyond #" + inDoubt + " had been begun" : ""));
    }
    known = true;
    written = recovered;
    durable = recovered;
    inDoubt = recovered;
    pending.clear();
  }

  /**
   * A write that is not durable, and between which numbers the last one of its batch is; they are
   * the same where the number is known.
   */
  private record Pending(LostWrite write, long least, long most) {

    /**
     * Whether it is among the writes that a crash takes for certain: those after {@code durable},
     * but for those between {@code written} and {@code begun}, of which nobody knows.
     */
    boolean isLost(long durable, long written, long begun) {
      return least > durable && (begun <= written || most <= written || least > begun);
    }
  }

  /**
   * Takes in a write.
   *
   * @param least the least number that the last write of its batch may have
   * @param most the greatest; less than {@code least} if it has none, since a server has made it
   */
  synchronized void acknowledge(LostWrite write, long least, long most) {
    ledger.add(write.toString());
    if (most > durable && most >= least && !writesAtOnce) {
      pending.add(new Pending(write, least, most));
    }
  }

  /** A write goes to the backend by itself, before it is acknowledged. */
  synchronized void writing() {
    writesAtOnce = true;
  }

  synchronized void applying(Cut cut) {
    inDoubt = Math.max(inDoubt, cut.sequence());
  }

  synchronized void applied(Cut cut, boolean sync) {
    ledger.add(
        (sync ? "flushed" : "wrote")
            + " the cut up to #"
            + cut.sequence()
            + ", "
            + cut.size()
            + " keys, of "
            + place);
    written = cut.sequence();
    if (sync) {
      becomeDurable();
    }
  }

  synchronized void synced() {
    ledger.add("synced up to #" + written + ", of " + place);
    becomeDurable();
  }

  @GuardedBy("this")
  private void becomeDurable() {
    long reached = written;
    durable = reached;
    pending.removeIf(each -> each.most <= reached);
  }

  synchronized boolean isDurable(String namespace, String key) {
    return pending.stream()
        .map(Pending::write)
        .noneMatch(write -> write.namespace().equals(namespace) && write.key().equals(key));
  }

  /**
   * Settles what a crash leaves; sorts what is lost and what may be.
   *
   * @param keepsWritten whether what was written, and not synced, is there
   * @param torn whether a flush that was under way has left no commit, and so nothing
   */
  synchronized void crash(
      boolean keepsWritten, boolean torn, List<LostWrite> lost, List<LostWrite> doubtful) {
    durable = keepsWritten ? written : durable;
    long begun = torn ? written : inDoubt;
    pending.sort(Comparator.comparingLong(each -> each.write.sequence()));
    for (Pending each : pending) {
      if (each.most > durable) {
        (each.isLost(durable, written, begun) ? lost : doubtful).add(each.write);
      }
    }
  }
}
