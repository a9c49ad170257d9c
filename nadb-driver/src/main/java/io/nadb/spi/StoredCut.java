package io.nadb.spi;

import java.util.List;
import java.util.Objects;

/**
 * A durable cut, as it is found in a backend.
 *
 * @since 0.1.0
 */
public final class StoredCut {
  private final long sequence;
  private final long time;
  private final List<StoredChange> changes;

  /**
   * Creates one.
   *
   * @param sequence all writes up to this one are in this cut or in an earlier one
   * @param time when it was made, in milliseconds since 1970
   * @param changes each key once; what is passed is not copied
   */
  public StoredCut(long sequence, long time, List<StoredChange> changes) {
    this.sequence = sequence;
    this.time = time;
    this.changes = Objects.requireNonNull(changes, "changes");
  }

  public long sequence() {
    return sequence;
  }

  /** When it was made, in milliseconds since 1970; never earlier than the cut before. */
  public long time() {
    return time;
  }

  /** The changes that were asked for; there may be none. */
  public List<StoredChange> changes() {
    return changes;
  }
}
