package io.nadb.internal.store;

import io.nadb.internal.async.AsyncCalls;
import io.nadb.internal.async.AsyncThreads;
import io.nadb.internal.async.Call;
import io.nadb.internal.async.Lane;
import io.nadb.spi.StorageBackend;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What makes asynchronous calls of a store with a buffer. */
final class BufferedAsync {
  /** So many calls wait for the disk, or for room in the buffer, at the same time. */
  private static final int MAX_ENTRY_THREADS = 4;

  /** So many transactions and calls about several entries are made at the same time. */
  static final int MAX_TASK_THREADS = 8;

  private final AsyncCalls calls;
  private final DurabilityWaits durability;

  /**
   * Makes no call yet.
   *
   * @param closed why the store is closed; null while it is open
   */
  BufferedAsync(
      BufferedEngine engine,
      InstantSource clock,
      StorageBackend backend,
      WriteBuffer buffer,
      UsageCounts usage,
      Settlement settlement,
      ConditionalCommits commits,
      Supplier<@Nullable String> closed) {
    AsyncThreads threads = new AsyncThreads(engine.name());
    Settler settler = new Settler(settlement, threads);
    Function<Boolean, BufferedCalls> kinds =
        waits -> {
          Settlement deferring = settlement.deferring(waits);
          return new BufferedCalls(
              engine,
              clock,
              backend,
              buffer,
              usage,
              deferring,
              commits.with(deferring),
              settler,
              waits);
        };
    Lane entries = Lane.single(MAX_ENTRY_THREADS, new Waiting(kinds.apply(true)));
    this.durability = new DurabilityWaits(engine.name(), settlement, threads, closed);
    this.calls =
        AsyncCalls.of(
            engine.name(),
            threads,
            entries,
            MAX_TASK_THREADS,
            kinds.apply(false),
            durability::closed);
  }

  /** Makes calls that may have to wait. */
  private record Waiting(BufferedCalls calls) implements Lane.Maker {
    @Override
    public @Nullable RuntimeException make(List<Call<?>> batch) {
      batch.forEach(call -> call.ask(calls));
      return null;
    }

    @Override
    public void afterwards() {
      calls.afterwards();
    }
  }

  /** Makes the calls. */
  AsyncCalls calls() {
    return calls;
  }

  /** Waits for writes to be durable. */
  DurabilityWaits durability() {
    return durability;
  }
}
