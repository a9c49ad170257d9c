package io.nadb;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a key at one time: see {@link KeyValueStore#log}.
 *
 * <p>Immutable, but for the array of the value, which is the caller's own.
 *
 * @since 0.1.0
 */
public final class KeyVersion {
  private final ChangeKind kind;
  private final long sequence;
  private final Instant time;
  private final @Nullable Entry entry;

  private KeyVersion(ChangeKind kind, long sequence, Instant time, @Nullable Entry entry) {
    this.kind = Objects.requireNonNull(kind, "kind");
    this.sequence = sequence;
    this.time = Objects.requireNonNull(time, "time");
    this.entry = entry;
  }

  /** Makes a version that has an entry; for backends. */
  public static KeyVersion written(ChangeKind kind, long sequence, Instant time, Entry entry) {
    return new KeyVersion(kind, sequence, time, Objects.requireNonNull(entry, "entry"));
  }

  /** Makes a version without an entry, which was removed; for backends. */
  public static KeyVersion removed(ChangeKind kind, long sequence, Instant time) {
    return new KeyVersion(kind, sequence, time, null);
  }

  /** What was done: set, touched, deleted, or removed since it had expired. */
  public ChangeKind kind() {
    return kind;
  }

  /** The sequence number of the write. */
  public long sequence() {
    return sequence;
  }

  /**
   * When the flush was made from which on it is there: {@link KeyValueStore#snapshotAt} shows it
   * from then on. Of the oldest version, if it was there before what is kept begins: when it was
   * set.
   */
  public Instant time() {
    return time;
  }

  /** The entry as it was from then on, with its value; empty if it was removed. */
  public Optional<Entry> entry() {
    return Optional.ofNullable(entry);
  }

  /** All but the value, since it may be a secret. */
  @Override
  public String toString() {
    return "KeyVersion["
        + kind
        + " at "
        + time
        + ", sequence="
        + sequence
        + (entry == null ? "" : ", " + entry.metadata())
        + "]";
  }
}
