package io.nadb;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a registry's background thread is doing.
 *
 * <p>While several stores are open, a second thread stands by. If a store's background work takes
 * longer than a second, because its disk hangs or is slow, that thread takes over the other stores;
 * so one hanging store costs one thread, and delays the others by about a second, once.
 *
 * <p>Whatever a store's background work throws, the thread goes on. One that has died all the same
 * is replaced by the next call that needs it: an {@code open}, a {@code flush}, a question for
 * figures, or a write that begins or fills a buffer. Until then {@code running} is false, and the
 * stores are {@link StoreState#DEGRADED}.
 *
 * @param running whether the thread is alive: it is while a store is open
 * @param stores the names of the stores it serves
 * @param stalled the names of those whose background work has been hanging for a second or longer
 * @param rounds how often it has looked for due work
 * @param failures how often a store's work failed unexpectedly
 * @param takeovers how often the second thread took over since a store's work took too long
 * @param replacements how often a thread that had died was replaced
 * @param lag by how much the latest due work was late
 * @param maxLag by how much due work was late at most
 * @param lastFailure the latest unexpected failure
 */
public record SyncStatus(
    boolean running,
    List<String> stores,
    List<String> stalled,
    long rounds,
    long failures,
    long takeovers,
    long replacements,
    Duration lag,
    Duration maxLag,
    Optional<String> lastFailure) {

  /** Copies the lists. */
  public SyncStatus {
    stores = List.copyOf(stores);
    stalled = List.copyOf(stalled);
  }
}
