package io.nadb.testkit;

import io.nadb.AsyncKeyValueStore;
import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import io.nadb.Transaction;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The view of a recording store for who does not wait: what has ended well is acknowledged. */
final class RecordingAsync implements AsyncKeyValueStore {
  private final Supplier<RecordingStore> current;

  /** Stands before a store, whichever it is at each call. */
  RecordingAsync(Supplier<RecordingStore> current) {
    this.current = current;
  }

  private static <T extends @Nullable Object> CompletionStage<T> ask(
      RecordingStore store, Function<AsyncKeyValueStore, CompletionStage<T>> call) {
    return store.ask(real -> call.apply(real.async()));
  }

  private <T> CompletionStage<T> read(
      String key, Function<AsyncKeyValueStore, CompletionStage<T>> call) {
    RecordingStore store = current.get();
    return ask(store, call).thenApply(answer -> store.read(key, answer));
  }

  /** What is to be noted of a write that may have been made. */
  private interface Noting<T> {
    void note(RecordingStore store, long lastBefore, T answer);
  }

  private <T> CompletionStage<T> write(
      Function<AsyncKeyValueStore, CompletionStage<T>> call, Noting<T> noting) {
    RecordingStore store = current.get();
    long last = store.sequence();
    return ask(store, call)
        .thenApply(
            answer -> {
              noting.note(store, last, answer);
              return answer;
            });
  }

  @Override
  public CompletionStage<Long> set(String key, byte[] value, SetOptions options) {
    return write(
        async -> async.set(key, value, options),
        (store, last, sequence) -> store.acknowledgeSet(key, sequence, value.length));
  }

  @Override
  public CompletionStage<Optional<byte[]>> get(String key) {
    return read(key, async -> async.get(key));
  }

  @Override
  public CompletionStage<Boolean> contains(String key) {
    return ask(current.get(), async -> async.contains(key));
  }

  @Override
  public CompletionStage<Boolean> delete(String key) {
    return write(
        async -> async.delete(key), (store, last, existed) -> store.deleted(key, last, existed));
  }

  @Override
  public CompletionStage<Optional<EntryMetadata>> metadata(String key) {
    return ask(current.get(), async -> async.metadata(key));
  }

  @Override
  public CompletionStage<Optional<Entry>> entry(String key) {
    return read(key, async -> async.entry(key));
  }

  @Override
  public CompletionStage<Map<String, byte[]>> getAll(Collection<String> keys) {
    RecordingStore store = current.get();
    List<String> wanted = List.copyOf(keys);
    return ask(store, async -> async.getAll(wanted))
        .thenApply(
            values -> {
              wanted.forEach(key -> store.read(key, values));
              return values;
            });
  }

  @Override
  public CompletionStage<Long> setAll(Map<String, byte[]> entries, SetOptions options) {
    Map<String, byte[]> given = Map.copyOf(entries);
    return write(
        async -> async.setAll(given, options),
        (store, before, last) -> store.acknowledgeAll(given, last));
  }

  private CompletionStage<Boolean> put(
      String key, byte[] value, Function<AsyncKeyValueStore, CompletionStage<Boolean>> call) {
    return write(call, (store, last, done) -> store.written(key, last, done, value.length));
  }

  @Override
  public CompletionStage<Boolean> setIfAbsent(String key, byte[] value, SetOptions options) {
    return put(key, value, async -> async.setIfAbsent(key, value, options));
  }

  @Override
  public CompletionStage<Boolean> setIfPresent(String key, byte[] value, SetOptions options) {
    return put(key, value, async -> async.setIfPresent(key, value, options));
  }

  @Override
  public CompletionStage<Boolean> replace(String key, byte[] expected, byte[] value) {
    return put(key, value, async -> async.replace(key, expected, value));
  }

  @Override
  public CompletionStage<Boolean> delete(String key, byte[] expected) {
    return write(
        async -> async.delete(key, expected),
        (store, last, existed) -> store.deleted(key, last, existed));
  }

  @Override
  public CompletionStage<Optional<byte[]>> getAndSet(String key, byte[] value, SetOptions options) {
    return write(
        async -> async.getAndSet(key, value, options),
        (store, last, before) -> store.written(key, last, true, value.length));
  }

  @Override
  public CompletionStage<Optional<byte[]>> getAndDelete(String key) {
    return write(
        async -> async.getAndDelete(key),
        (store, last, before) -> store.deleted(key, last, before.isPresent()));
  }

  @Override
  public CompletionStage<Optional<byte[]>> compute(
      String key, Function<Optional<byte[]>, Optional<byte[]>> function) {
    RecordingStore store = current.get();
    AtomicBoolean existed = new AtomicBoolean();
    AtomicLong last = new AtomicLong();
    return ask(
            store,
            async ->
                async.compute(
                    key,
                    before -> {
                      existed.set(before.isPresent());
                      Optional<byte[]> computed = function.apply(store.read(key, before));
                      last.set(store.sequence());
                      return computed;
                    }))
        .thenApply(
            after -> {
              if (after.isPresent()) {
                store.written(key, last.get(), true, after.get().length);
              } else {
                store.deleted(key, last.get(), existed.get());
              }
              return after;
            });
  }

  @Override
  public CompletionStage<Long> increment(String key, long delta) {
    return write(
        async -> async.increment(key, delta),
        (store, last, sum) -> store.written(key, last, true, Long.toString(sum).length()));
  }

  @Override
  public CompletionStage<Boolean> touch(String key, Duration ttl) {
    return write(
        async -> async.touch(key, ttl), (store, last, done) -> store.touched(key, last, done));
  }

  @Override
  public <T extends @Nullable Object> CompletionStage<T> transaction(
      Function<Transaction, T> body) {
    RecordingStore store = current.get();
    AtomicReference<@Nullable RecordingTransaction> latest = new AtomicReference<>();
    AtomicLong last = new AtomicLong();
    CompletionStage<T> stage =
        ask(
            store,
            async ->
                async.transaction(
                    real -> {
                      RecordingTransaction recording = new RecordingTransaction(store, real);
                      latest.set(recording);
                      T made = body.apply(recording);
                      last.set(store.sequence());
                      return made;
                    }));
    return stage.thenApply(
        result -> {
          RecordingTransaction committed = latest.get();
          if (committed != null) {
            committed.acknowledge(last.get(), store.sequence());
          }
          return result;
        });
  }
}
