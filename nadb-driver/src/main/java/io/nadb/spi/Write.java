package io.nadb.spi;

import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One write of one key: a whole entry that replaces what was there, its deletion, or a touch, which
 * gives an entry another expiry time and leaves its value as it is.
 *
 * <p>Immutable by agreement: the value's array is never written to once it is in here. Times are in
 * milliseconds since 1970.
 *
 * @since 0.1.0
 */
public sealed class Write {
  /** The expiry time of an entry that never expires. */
  public static final long NEVER = Long.MAX_VALUE;

  private final long sequence;
  private final byte @Nullable [] value;
  private final Set<String> tags;
  private final long created;
  private final boolean inheritsCreated;
  private final long updated;
  private final long expiresAt;
  private final boolean expiry;

  private Write(
      long sequence,
      byte @Nullable [] value,
      Set<String> tags,
      long created,
      boolean inheritsCreated,
      long updated,
      long expiresAt,
      boolean expiry) {
    this.sequence = sequence;
    this.value = value;
    this.tags = tags;
    this.created = created;
    this.inheritsCreated = inheritsCreated;
    this.updated = updated;
    this.expiresAt = expiresAt;
    this.expiry = expiry;
  }

  /** An entry; {@code value} and {@code tags} are not copied. */
  public static Write set(
      long sequence,
      byte[] value,
      Set<String> tags,
      long created,
      boolean inheritsCreated,
      long updated,
      long expiresAt) {
    return new Write(sequence, value, tags, created, inheritsCreated, updated, expiresAt, false);
  }

  /**
   * A touch of an entry that exists; for backends that say {@link StorageBackend#takesTouches}.
   *
   * @param touched the sequence number of the write that it touches, which may be a touch, too
   * @param size how many bytes the value has
   * @param value the value, if it is at hand; not copied
   */
  public static Write touch(
      long sequence,
      long touched,
      int size,
      byte @Nullable [] value,
      Set<String> tags,
      long created,
      boolean inheritsCreated,
      long updated,
      long expiresAt) {
    return new Touch(
        sequence, touched, size, value, tags, created, inheritsCreated, updated, expiresAt);
  }

  /** A deletion. */
  public static Write delete(long sequence, long now) {
    return new Write(sequence, null, Set.of(), now, false, now, NEVER, false);
  }

  /**
   * The deletion of an entry of the backend that has expired; a backend that others write too must
   * leave alone what has not expired at {@link #updated()}.
   */
  public static Write expiry(long sequence, long now) {
    return new Write(sequence, null, Set.of(), now, false, now, NEVER, true);
  }

  /** The write's place in the order of all writes of its location. */
  public long sequence() {
    return sequence;
  }

  /** Whether this removes the key. */
  public boolean isDelete() {
    return value == null && !isTouch();
  }

  /**
   * Whether this leaves the value as it is: that of the entry's write before. It has all else of
   * the entry; the value itself, if {@link #hasValue()} says so.
   */
  public boolean isTouch() {
    return this instanceof Touch;
  }

  /** Whether the value is in here: always, but for a deletion and for a touch. */
  public boolean hasValue() {
    return value != null;
  }

  /** How many bytes the value has, be it in here or not; 0 for a deletion. */
  public int size() {
    return value == null ? 0 : value.length;
  }

  /** The sequence number of the write that this touches; 0 if it is no touch. */
  public long touched() {
    return 0;
  }

  /** Whether this removes the key only if its entry has expired at {@link #updated()}. */
  public boolean isExpiry() {
    return expiry;
  }

  /** The value itself, not a copy; only if it is in here. */
  public byte[] value() {
    if (value == null) {
      throw new IllegalStateException(
          isTouch() ? "a touch has no value of its own" : "a deletion has no value");
    }
    return value;
  }

  /** The tags; empty for a deletion. */
  public Set<String> tags() {
    return tags;
  }

  /**
   * When the key came into being, unless {@link #inheritsCreated()} and the backend knows better.
   */
  public long created() {
    return created;
  }

  /**
   * Whether a backend that has an entry for this key, alive at {@link #created()}, must keep that
   * entry's creation time.
   */
  public boolean inheritsCreated() {
    return inheritsCreated;
  }

  /** When the write was made. */
  public long updated() {
    return updated;
  }

  /** The first moment at which the entry is gone, or {@link #NEVER}. */
  public long expiresAt() {
    return expiresAt;
  }

  /** Whether the key is gone at {@code now}: deleted or expired. */
  public boolean isGoneAt(long now) {
    return now >= expiresAt || isDelete();
  }

  /** Whether the key is gone, asking for the time only if the entry can expire. */
  public boolean isGoneNow(LongSupplier now) {
    return isDelete() || (expiresAt != NEVER && now.getAsLong() >= expiresAt);
  }

  /** How many bytes value, if it is in here, and tags have in UTF-8, with two more for each tag. */
  long contentBytes() {
    long sum = value == null ? 0 : value.length;
    for (String tag : tags) {
      sum += Short.BYTES + Utf8.length(tag);
    }
    return sum;
  }

  /** This write, at its place in the order of writes. */
  public Write withSequence(long newSequence) {
    return new Write(
        newSequence, value, tags, created, inheritsCreated, updated, expiresAt, expiry);
  }

  /** This write, coming into being at another time. */
  public Write withCreated(long newCreated, boolean inherits) {
    return new Write(sequence, value, tags, newCreated, inherits, updated, expiresAt, expiry);
  }

  /** A touch. */
  private static final class Touch extends Write {
    private final long touched;
    private final int size;

    Touch(
        long sequence,
        long touched,
        int size,
        byte @Nullable [] value,
        Set<String> tags,
        long created,
        boolean inheritsCreated,
        long updated,
        long expiresAt) {
      super(sequence, value, tags, created, inheritsCreated, updated, expiresAt, false);
      this.touched = touched;
      this.size = size;
    }

    @Override
    public long touched() {
      return touched;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public Write withSequence(long newSequence) {
      return with(newSequence, created(), inheritsCreated());
    }

    @Override
    public Write withCreated(long newCreated, boolean inherits) {
      return with(sequence(), newCreated, inherits);
    }

    private Write with(long newSequence, long newCreated, boolean inherits) {
      byte[] atHand = hasValue() ? value() : null;
      return new Touch(
          newSequence, touched, size, atHand, tags(), newCreated, inherits, updated(), expiresAt());
    }
  }
}
