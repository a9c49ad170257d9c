package io.nadb.internal.async;

import io.nadb.NadbException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls of those who do not wait: at once, on their own thread, if nothing has to be
 * waited for, and else by the queue.
 */
public final class AsyncCalls implements AutoCloseable {
  /** So many calls may be under way. */
  private static final int MAX_CALLS = 10_000;

  /** So large they may be together. */
  private static final long MAX_BYTES = 64 << 20;

  private final InFlight inFlight;
  private final AsyncThreads threads;
  private final CallQueue queue;
  private final @Nullable EntryCalls prompt;
  private final Supplier<RuntimeException> closed;

  private AsyncCalls(
      InFlight inFlight,
      AsyncThreads threads,
      CallQueue queue,
      @Nullable EntryCalls prompt,
      Supplier<RuntimeException> closed) {
    this.inFlight = inFlight;
    this.threads = threads;
    this.queue = queue;
    this.prompt = prompt;
    this.closed = closed;
  }

  /**
   * Makes no call yet.
   *
   * @param tasks how many threads make calls that they make for themselves
   * @param prompt what is asked on the caller's thread, and throws {@link WouldWait} if it is not
   *     to be answered there; null if nothing is
   * @param closed what calls get that come too late
   */
  public static AsyncCalls of(
      String store,
      AsyncThreads threads,
      Lane entries,
      int tasks,
      @Nullable EntryCalls prompt,
      Supplier<RuntimeException> closed) {
    Lane others =
        Lane.single(
            tasks,
            calls -> {
              calls.forEach(Call::run);
              return null;
            });
    return new AsyncCalls(
        new InFlight(store, MAX_CALLS, MAX_BYTES),
        threads,
        new CallQueue(store, threads, entries, others),
        prompt,
        closed);
  }

  /** Makes a call; its stage ends with what comes of it. */
  public <T extends @Nullable Object> CompletionStage<T> make(Call<T> call) {
    try {
      call.count(inFlight);
    } catch (NadbException e) {
      return CompletableFuture.failedStage(new CompletionException(e));
    }
    if (prompt != null && !call.isTask() && queue.isFree(call.names())) {
      try {
        call.ask(prompt);
        CompletionStage<T> stage = call.stage();
        prompt.afterwards();
        return stage;
      } catch (WouldWait e) {
        // So the queue takes it.
      }
    }
    queue.add(call);
    return call.stage();
  }

  /** How many calls are under way. */
  public int calls() {
    return inFlight.calls();
  }

  /** How many calls were refused, since too many were under way. */
  public long refusals() {
    return inFlight.refusals();
  }

  /** The threads, for what else is to be done on none of the caller's. */
  public Executor threads() {
    return threads;
  }

  /** Ends the calls that have not been begun; those that are being made end as they do. */
  @Override
  public void close() {
    queue.close(closed);
    threads.close();
  }
}
