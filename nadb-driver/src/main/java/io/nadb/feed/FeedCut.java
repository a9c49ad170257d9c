package io.nadb.feed;

import io.nadb.spi.ChangeStream;
import io.nadb.spi.StoredCut;
import java.time.Instant;
import java.util.List;

/**
 * All that one flush has made durable, and so what was there at one flush boundary and not at the
 * one before: a transaction is in it whole or not at all.
 *
 * <p>Each key is in it once, with what the last of its writes made of it; so in whatever order they
 * are applied, the outcome is the same. A key that came and went between two boundaries is not in
 * it.
 *
 * @since 0.1.0
 */
public final class FeedCut {
  private final String bookmark;
  private final long sequence;
  private final Instant time;
  private final List<KeyChange> changes;

  FeedCut(ChangeStream stream, StoredCut cut, String bookmark) {
    this.bookmark = bookmark;
    this.sequence = cut.sequence();
    this.time = Instant.ofEpochMilli(cut.time());
    this.changes = cut.changes().stream().map(change -> new KeyChange(stream, change)).toList();
  }

  /**
   * The place right after this cut: whoever has done with it keeps this, and goes on from there.
   * Keep it together with what has been made of the changes, best in the same transaction.
   */
  public String bookmark() {
    return bookmark;
  }

  /** The number of the last write up to which this and the cuts before have everything. */
  public long sequence() {
    return sequence;
  }

  /** When the cut was made, by the clock of the store; never earlier than the one before. */
  public Instant time() {
    return time;
  }

  /** The changes, at least one; unmodifiable. */
  public List<KeyChange> changes() {
    return changes;
  }

  @Override
  public String toString() {
    return "FeedCut[" + changes.size() + " changes up to write " + sequence + "]";
  }
}
