package io.nadb.feed;

import io.nadb.ChangeKind;
import io.nadb.EntryMetadata;
import io.nadb.spi.ChangeStream;
import io.nadb.spi.StoredChange;
import java.time.Instant;

/**
 * What has become of a key between one flush boundary and the next.
 *
 * @since 0.1.0
 */
public final class KeyChange {
  private final ChangeStream stream;
  private final StoredChange change;

  KeyChange(ChangeStream stream, StoredChange change) {
    this.stream = stream;
    this.change = change;
  }

  /** What it is. */
  public ChangeKind kind() {
    return change.kind();
  }

  /** The key's namespace. */
  public String namespace() {
    return change.namespace();
  }

  /** The key. */
  public String key() {
    return change.entry().key();
  }

  /** The number of the write, the latest of the key in its cut. */
  public long sequence() {
    return change.entry().sequence();
  }

  /** When it was written, by the clock of the store. */
  public Instant time() {
    return Instant.ofEpochMilli(change.entry().updated());
  }

  /** Whether the key is gone: deleted or expired. */
  public boolean isRemoval() {
    return kind() == ChangeKind.DELETED || kind() == ChangeKind.EXPIRED;
  }

  /**
   * What is known of the key's entry besides its value. It may have expired since.
   *
   * @throws IllegalStateException if the key is gone
   */
  public EntryMetadata metadata() {
    if (isRemoval()) {
      throw new IllegalStateException("key '" + key() + "' is gone, and so has no metadata");
    }
    return change.entry().toMetadata();
  }

  /**
   * Reads the value, into an array of the caller's own. A large one is read from the store's files
   * at each call; so do it before the next cut is taken.
   *
   * @throws IllegalStateException unless this is a {@link ChangeKind#SET}, or if the store is
   *     closed
   * @throws io.nadb.ChangesLostException if the cut was taken so long ago that it is not kept any
   *     more
   * @throws io.nadb.CorruptStoreException if it is damaged
   */
  public byte[] value() {
    if (kind() != ChangeKind.SET) {
      throw new IllegalStateException(
          "key '"
              + key()
              + (isRemoval()
                  ? "' is gone, and so has no value"
                  : "' was touched: its value is that which an earlier change has set"));
    }
    return stream.value(change);
  }

  @Override
  public String toString() {
    return kind() + " " + key() + " in " + namespace() + " by write " + sequence();
  }
}
