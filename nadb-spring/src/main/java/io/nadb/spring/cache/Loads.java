package io.nadb.spring.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads that are under way: whoever wants a value that somebody else is loading waits for that load
 * instead of starting another one.
 */
final class Loads {

  /** A load, and the thread that does it; null if nobody knows which one will. */
  private record Load(CompletableFuture<Object> result, @Nullable Thread loader) {}

  private final ConcurrentMap<Object, Load> running = new ConcurrentHashMap<>();

  /**
   * Returns what the loader makes, or what the load returns that is under way.
   *
   * @throws ExecutionException if the loader throws
   * @throws InterruptedException if this thread is interrupted while it waits for another one's
   */
  Object load(Object key, Callable<Object> loader) throws ExecutionException, InterruptedException {
    Load mine = new Load(new CompletableFuture<>(), Thread.currentThread());
    Load first = running.putIfAbsent(key, mine);
    if (first != null) {
      if (first.loader() == Thread.currentThread()) {
        throw new IllegalStateException(
            "the loader of a key wants the value of the same key from the cache, for which it would"
                + " wait for itself: "
                + key);
      }
      return first.result().get();
    }
    try {
      mine.result().complete(loader.call());
    } catch (Throwable e) {
      mine.result().completeExceptionally(e);
    } finally {
      running.remove(key, mine);
    }
    return mine.result().get();
  }

  /** The same for a loader that does not keep its caller waiting. */
  @SuppressWarnings("FutureReturnValueIgnored") // All that it would tell is told to the result.
  CompletableFuture<Object> loadAsync(Object key, Supplier<CompletableFuture<Object>> loader) {
    Load mine = new Load(new CompletableFuture<>(), null);
    Load first = running.putIfAbsent(key, mine);
    if (first != null) {
      return first.result();
    }
    try {
      loader
          .get()
          .whenComplete(
              (value, failure) -> {
                running.remove(key, mine);
                if (failure == null) {
                  mine.result().complete(value);
                } else {
                  mine.result().completeExceptionally(failure);
                }
              });
    } catch (RuntimeException | Error e) {
      running.remove(key, mine);
      mine.result().completeExceptionally(e);
    }
    return mine.result();
  }
}
