package io.nadb.testkit;

import java.time.Instant;
import java.util.List;

/**
 * What a crash took, according to the ledger of acknowledged and durable writes.
 *
 * @param crash how the process ended
 * @param at when
 * @param lost the acknowledged writes that are gone, in the order in which they were made
 * @param inDoubt the acknowledged writes of which it is not known: those of a flush that was under
 *     way, all of which are gone or none is; and those of which nobody knows whether they came
 *     before the last flush or after it, since other threads wrote just then, and the call that
 *     made them tells no number
 * @since 0.1.0
 */
public record CrashReport(Crash crash, Instant at, List<LostWrite> lost, List<LostWrite> inDoubt) {

  /** Copies the lists. */
  public CrashReport {
    lost = List.copyOf(lost);
    inDoubt = List.copyOf(inDoubt);
  }

  /** How many bytes of values are lost. */
  public long lostBytes() {
    return lost.stream().mapToLong(LostWrite::size).sum();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(crash + " at " + at + ", lost: ");
    text.append(lost.isEmpty() ? "nothing" : "");
    lost.forEach(write -> text.append("\n  ").append(write));
    if (!inDoubt.isEmpty()) {
      text.append("\nin doubt:");
      inDoubt.forEach(write -> text.append("\n  ").append(write));
    }
    return text.toString();
  }
}
