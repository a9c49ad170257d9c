package io.nadb.maintenance;

import io.nadb.KeyValueStore;
import io.nadb.spi.CompactableStore;
import io.nadb.spi.CompactionFigures;
import java.util.Objects;

/**
 * Gives back all space of a store in files that holds what is not current any more, where a store
 * by itself leaves a file alone until half of it is garbage.
 *
 * <p>Done while the store is used, by its background thread, in the steps of which compaction
 * consists anyway: no flush waits for longer than for one of these, and a crash at any moment loses
 * nothing. What the option {@code history} and open feeds of changes need stays, and the result
 * tells how much that is; a follower who is away and comes back later may find its changes gone.
 * What has expired and is not removed yet counts as current: {@link KeyValueStore#cleanupExpired}
 * removes it.
 *
 * <p>Immutable; any thread may run it, and several may at once.
 *
 * @since 0.1.0
 */
public final class Compaction {
  private final KeyValueStore store;
  private final CompactableStore compactable;
  private final CompactionProgress progress;

  private Compaction(
      KeyValueStore store, CompactableStore compactable, CompactionProgress progress) {
    this.store = store;
    this.compactable = compactable;
    this.progress = progress;
  }

  /**
   * Prepares the compaction of a store, all of its namespaces.
   *
   * @throws IllegalArgumentException if it is a store of somebody's own that does not pass on what
   *     this needs ({@link CompactableStore})
   */
  public static Compaction of(KeyValueStore store) {
    Objects.requireNonNull(store, "store");
    return new Compaction(store, CompactableStore.of(store), (bytes, total) -> {});
  }

  /** Returns the same compaction, which tells how far it has come. */
  public Compaction reporting(CompactionProgress listener) {
    return new Compaction(store, compactable, Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Flushes, compacts what has been written by then, and returns when that is done. Of several at
   * once, one comes after the other.
   *
   * @throws InterruptedException if the thread is interrupted: what has been rewritten by then
   *     stays so, and the store goes on as if nothing had been asked for
   * @throws UnsupportedOperationException if the store can't ({@link
   *     io.nadb.StoreCapability#COMPACTION})
   * @throws io.nadb.CorruptStoreException if a record that is to be kept is damaged; it names the
   *     file, which stays as it is
   * @throws io.nadb.NadbException if the flush or a file operation fails; nothing is lost
   * @throws IllegalStateException if the store is closed, also while this waits
   */
  public CompactionResult run() throws InterruptedException {
    CompactionFigures done =
        compactable.compact(
            figures -> progress.progressed(figures.bytesDone(), figures.bytesTotal()));
    return new CompactionResult(done, store.stats().snapshotBytes());
  }
}
