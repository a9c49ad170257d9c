package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.spi.Cut;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

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
  private final NavigableMap<Long, LostWrite> pending = new TreeMap<>();

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

  synchronized void acknowledge(
      String namespace, String key, LostWrite.Kind kind, long sequence, int size) {
    LostWrite write = new LostWrite(place, namespace, key, kind, sequence, size, ledger.now());
    ledger.add(write.toString());
    if (sequence > durable && !writesAtOnce) {
      pending.put(sequence, write);
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
      // A deletion tells no sequence number; the one that it is filed under may be too high.
      Set<List<String>> deleted = new HashSet<>();
      cut.forEach(
          (namespace, key, write) -> {
            if (write.isDelete()) {
              deleted.add(List.of(namespace, key));
            }
          });
      pending
          .values()
          .removeIf(
              write ->
                  write.kind() == LostWrite.Kind.DELETE
                      && deleted.contains(List.of(write.namespace(), write.key())));
      becomeDurable();
    }
  }

  synchronized void synced() {
    ledger.add("synced up to #" + written + ", of " + place);
    becomeDurable();
  }

  @GuardedBy("this")
  private void becomeDurable() {
    durable = written;
    pending.headMap(durable, true).clear();
  }

  synchronized boolean isDurable(String namespace, String key) {
    return pending.values().stream()
        .noneMatch(write -> write.namespace().equals(namespace) && write.key().equals(key));
  }

  /** Settles what a crash leaves; sorts what is lost and what may be. */
  synchronized void crash(boolean keepsWritten, List<LostWrite> lost, List<LostWrite> doubtful) {
    durable = keepsWritten ? written : durable;
    List<LostWrite> all = new ArrayList<>(pending.tailMap(durable, false).values());
    for (LostWrite write : all) {
      (write.sequence() > written && write.sequence() <= inDoubt ? doubtful : lost).add(write);
    }
  }
}
