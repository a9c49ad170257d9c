package io.nadb.internal.watch;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The points where an agent looks in: methods that are called when something happens and do nothing
 * by themselves. An agent puts its advice into them; no other code of NADB is ever changed by one.
 *
 * <p><b>This is a contract</b> between a driver and agents of other versions. The methods' names
 * and the order of their parameters stay; parameters and methods may be added at the end. Only
 * types of {@code java.base} occur, since agent and driver may come from class loaders that don't
 * see each other. A store is a function from what is asked to the answer: see {@link
 * StoreProbe#apply}.
 *
 * <p>None of them is called for a {@code set} or a {@code get}, unless that has to wait.
 *
 * <p>The set of open stores is the one list of its kind. An agent that is attached late has missed
 * their opening and has no other way to find them; a store leaves the list when it ends, and until
 * then its sync thread holds it anyway.
 */
public final class WatchPoints {
  private static final Set<Function<String, @Nullable Object>> OPEN = ConcurrentHashMap.newKeySet();

  private WatchPoints() {}

  /** The stores that are open now, of all registries of this class loader. */
  public static Collection<Function<String, @Nullable Object>> open() {
    return List.copyOf(OPEN);
  }

  static void add(StoreProbe store) {
    OPEN.add(store);
    opened(store);
  }

  static void remove(StoreProbe store) {
    if (OPEN.remove(store)) {
      closed(store);
    }
  }

  /** A store has been opened, and nobody uses it yet. */
  static void opened(Function<String, @Nullable Object> store) {}

  /** A store has ended. */
  static void closed(Function<String, @Nullable Object> store) {}

  /**
   * A flush has ended.
   *
   * @param failure what went wrong, or null
   */
  static void flushed(
      Function<String, @Nullable Object> store,
      String cause,
      long keys,
      long bytes,
      long nanos,
      @Nullable String failure) {}

  /** A write has to wait, since the buffer is at its hard cap. */
  static void full(Function<String, @Nullable Object> store) {}

  /** A store's background work takes so long that another thread serves the other stores. */
  static void stalled(Function<String, @Nullable Object> store) {}
}
