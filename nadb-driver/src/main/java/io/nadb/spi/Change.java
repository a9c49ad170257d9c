package io.nadb.spi;

import io.nadb.SetOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A change of one entry that depends on the one that is there, made in one step: nobody writes
 * between the look and the change.
 *
 * <p>Arrays and tags are not copied.
 *
 * @since 0.1.0
 */
public sealed interface Change {

  /** What must be true of the entry that is there; else nothing is changed. */
  sealed interface Condition {}

  /** Whether there must be an entry. */
  enum Presence implements Condition {
    /** There may be one. */
    ANY,
    /** There must be none. */
    ABSENT,
    /** There must be one. */
    PRESENT
  }

  /**
   * There must be an entry with this value.
   *
   * @param value its bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Equal(byte[] value) implements Condition {}

  /**
   * Sets an entry.
   *
   * @param options tags and time to live, or that these are kept
   * @param wantsBefore whether the value that is replaced is wanted
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Put(byte[] value, SetOptions options, Condition condition, boolean wantsBefore)
      implements Change {}

  /**
   * Removes an entry.
   *
   * @param wantsBefore whether the value that is removed is wanted
   */
  record Remove(Condition condition, boolean wantsBefore) implements Change {}

  /**
   * Adds to the number that an entry holds as decimal text; no entry is zero. Keeps tags and expiry
   * time.
   */
  record Add(long delta) implements Change {}

  /** Gives an entry that is there another time to live, and changes nothing else of it. */
  record Touch(Duration ttl) implements Change {}

  /**
   * What came of a change.
   *
   * @param made whether it was made
   * @param before the value before, if it was wanted; null if there was none
   * @param sum what the number is now; 0 if it was no addition
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Outcome(boolean made, byte @Nullable [] before, long sum) {

    /** Nothing was changed. */
    public static final Outcome NONE = new Outcome(false, null, 0);
  }
}
