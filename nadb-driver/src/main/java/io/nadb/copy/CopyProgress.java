package io.nadb.copy;

import java.util.OptionalLong;

/**
 * How far a copy is. Immutable; later versions may say more.
 *
 * @since 0.1.0
 */
public final class CopyProgress {
  private final Phase phase;
  private final String namespace;
  private final long entries;
  private final long bytes;
  private final OptionalLong total;

  /** What a copy does, one after the other. */
  public enum Phase {
    /** Entries are sent to the target. */
    COPYING,
    /** Entries of both stores are compared. */
    VERIFYING
  }

  CopyProgress(Phase phase, String namespace, long entries, long bytes, OptionalLong total) {
    this.phase = phase;
    this.namespace = namespace;
    this.entries = entries;
    this.bytes = bytes;
    this.total = total;
  }

  /** What is being done. */
  public Phase phase() {
    return phase;
  }

  /** The namespace that it has come to. */
  public String namespace() {
    return namespace;
  }

  /** How many entries of the source it has passed in this phase, those that were there included. */
  public long entries() {
    return entries;
  }

  /** How many bytes the values of these have. */
  public long bytes() {
    return bytes;
  }

  /**
   * About how many entries there are to pass in each phase: what the source counts, with what has
   * expired and was not swept; empty if it does not count, as Redis.
   */
  public OptionalLong total() {
    return total;
  }

  @Override
  public String toString() {
    return "CopyProgress["
        + phase
        + " "
        + namespace
        + ", "
        + entries
        + (total.isPresent() ? " of " + total.getAsLong() : "")
        + " entries, "
        + bytes
        + " bytes]";
  }
}
