package io.nadb.feed;

import io.nadb.KeyValueStore;
import io.nadb.Snapshot;
import io.nadb.spi.ChangeSource;
import io.nadb.spi.ChangeStream;
import io.nadb.spi.StoredCut;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The changes of a store, cut by cut, in their order and each once: what flushes have made durable
 * since a bookmark.
 *
 * <pre>{@code
 * String bookmark;
 * try (Snapshot snapshot = store.snapshot()) {
 *   bookmark = ChangeFeed.bookmark(store, snapshot);
 *   copy(snapshot);
 * }
 * try (ChangeFeed feed = ChangeFeed.of(store, bookmark)) {
 *   while (true) {
 *     FeedCut cut = feed.take();
 *     apply(cut.changes());    // and keep cut.bookmark(), in the same transaction
 *   }
 * }
 * }</pre>
 *
 * <p>A bookmark is a text without blanks, to be kept by whoever follows: it names the store's
 * lineage and a write. It holds across restarts and crashes of the store, since only what is
 * durable is told; what comes is what comes after it, never the same again, and never something
 * later instead: if that is not kept any more, or the store is another one by now (restored from a
 * backup, say), a {@link io.nadb.ChangesLostException} says so.
 *
 * <p>Changes are kept as long as compaction leaves them where they are. It leaves alone what an
 * open feed has still to take, until so much garbage has piled up that the log would have to be
 * smaller by four segments; so a feed that is slow or was forgotten does not fill the disk: it
 * loses.
 *
 * <p>One thread at a time takes cuts, so that they are done with in their order; any may close the
 * feed. Closing the store ends it. What fails throws {@link io.nadb.NadbException}, and the next
 * call tries the same again.
 *
 * @since 0.1.0
 */
public final class ChangeFeed implements AutoCloseable {
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final ChangeStream stream;

  private ChangeFeed(ChangeStream stream) {
    this.stream = stream;
  }

  /**
   * Follows the changes of a store's namespace.
   *
   * @param bookmark the place after which to begin
   * @throws io.nadb.ChangesLostException if the changes after it are not kept
   * @throws IllegalArgumentException if {@code bookmark} is none
   * @throws UnsupportedOperationException if the store has no feed ({@link
   *     io.nadb.StoreCapability#CHANGES})
   */
  public static ChangeFeed of(KeyValueStore store, String bookmark) {
    return of(store, bookmark, false);
  }

  /**
   * Follows the changes of all namespaces of a store's location.
   *
   * @param bookmark the place after which to begin
   * @throws io.nadb.ChangesLostException if the changes after it are not kept
   * @throws IllegalArgumentException if {@code bookmark} is none
   * @throws UnsupportedOperationException if the store has no feed
   */
  public static ChangeFeed ofAllNamespaces(KeyValueStore store, String bookmark) {
    return of(store, bookmark, true);
  }

  private static ChangeFeed of(KeyValueStore store, String bookmark, boolean everywhere) {
    Objects.requireNonNull(store, "store");
    Objects.requireNonNull(bookmark, "bookmark");
    return new ChangeFeed(ChangeSource.of(store).changes(bookmark, everywhere));
  }

  /**
   * Returns the bookmark after all that is durable now: a feed from there tells what comes next.
   *
   * @throws UnsupportedOperationException if the store has no feed
   */
  public static String bookmark(KeyValueStore store) {
    Objects.requireNonNull(store, "store");
    return ChangeSource.of(store).changesFromNow();
  }

  /**
   * Returns the bookmark after a snapshot: a feed from there tells what is not in it. The store is
   * flushed, if some of the snapshot is not durable; otherwise a crash could undo what a copy of it
   * has.
   *
   * @param snapshot one of this store; it may be closed by now
   * @throws IllegalArgumentException if the snapshot has a write that the store has not
   * @throws UnsupportedOperationException if the store has no feed
   */
  public static String bookmark(KeyValueStore store, Snapshot snapshot) {
    Objects.requireNonNull(store, "store");
    Objects.requireNonNull(snapshot, "snapshot");
    return ChangeSource.of(store).changesAfter(snapshot);
  }

  /**
   * Takes the next cut that has changes, if there is one by then.
   *
   * @param timeout how long to wait, on the store's clock; zero or less: not at all
   * @return empty if there has been none in time
   * @throws IllegalStateException if the feed or the store is closed, also while this waits; or if
   *     another thread is taking a cut
   * @throws io.nadb.ChangesLostException if it is not kept any more
   */
  public Optional<FeedCut> poll(Duration timeout) throws InterruptedException {
    Objects.requireNonNull(timeout, "timeout");
    StoredCut cut = stream.next(timeout);
    return cut == null
        ? Optional.empty()
        : Optional.of(new FeedCut(stream, cut, stream.bookmark(cut)));
  }

  /** Takes the next cut that has changes; waits for it, however long. */
  public FeedCut take() throws InterruptedException {
    while (true) {
      Optional<FeedCut> cut = poll(FOREVER);
      if (cut.isPresent()) {
        return cut.get();
      }
    }
  }

  /**
   * The place after the last cut that has been taken, or later: cuts without a change of the
   * namespace are passed over. Whoever keeps it now and then does not fall behind although nothing
   * changes.
   */
  public String bookmark() {
    return stream.bookmark();
  }

  /** Ends it, and the wait of whoever waits; a second call does nothing. */
  @Override
  public void close() {
    stream.close();
  }
}
