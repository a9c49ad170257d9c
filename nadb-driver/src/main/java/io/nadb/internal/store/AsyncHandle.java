package io.nadb.internal.store;

import io.nadb.AsyncKeyValueStore;
import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import io.nadb.Transaction;
import io.nadb.internal.async.Call;
import io.nadb.spi.Change;
import io.nadb.spi.Commit;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A handle's view for callers who do not wait: checks arguments, and has the engine called. */
final class AsyncHandle implements AsyncKeyValueStore {
  /** What a call takes besides its key and its values, about. */
  private static final long CALL_BYTES = 256;

  private final StoreHandle handle;
  private final String namespace;
  private final Supplier<Engine> open;

  /**
   * Creates it.
   *
   * @param open gives the engine, and throws if the handle is closed
   */
  AsyncHandle(StoreHandle handle, String namespace, Supplier<Engine> open) {
    this.handle = handle;
    this.namespace = namespace;
    this.open = open;
  }

  private <T extends @Nullable Object> CompletionStage<T> make(Call<T> call) {
    Engine engine;
    try {
      engine = open.get();
    } catch (IllegalStateException e) {
      return CompletableFuture.failedStage(new CompletionException(e));
    }
    return engine.async().make(call);
  }

  private Commit.Name name(String key) {
    return new Commit.Name(namespace, key);
  }

  private <T> CompletionStage<T> read(String key, Call.Question<T> question) {
    Limits.checkKey(key);
    return make(Call.about(name(key), false, CALL_BYTES + key.length(), question));
  }

  private <T> CompletionStage<T> write(String key, long bytes, Call.Question<T> question) {
    return make(Call.about(name(key), true, CALL_BYTES + key.length() + bytes, question));
  }

  @Override
  public CompletionStage<Long> set(String key, byte[] value, SetOptions options) {
    StoreHandle.checkSet(key, value, options);
    byte[] own = value.clone();
    return write(key, own.length, (calls, reply) -> calls.set(namespace, key, own, options, reply));
  }

  @Override
  public CompletionStage<Optional<byte[]>> get(String key) {
    return read(key, (calls, reply) -> calls.get(namespace, key, reply));
  }

  @Override
  public CompletionStage<Boolean> contains(String key) {
    return read(
        key, (calls, reply) -> calls.metadata(namespace, key, reply.after(Optional::isPresent)));
  }

  @Override
  public CompletionStage<Boolean> delete(String key) {
    Limits.checkKey(key);
    return write(key, 0, (calls, reply) -> calls.delete(namespace, key, reply));
  }

  @Override
  public CompletionStage<Optional<EntryMetadata>> metadata(String key) {
    return read(key, (calls, reply) -> calls.metadata(namespace, key, reply));
  }

  @Override
  public CompletionStage<Optional<Entry>> entry(String key) {
    return read(key, (calls, reply) -> calls.entry(namespace, key, reply));
  }

  @Override
  public CompletionStage<Map<String, byte[]>> getAll(Collection<String> keys) {
    List<String> wanted = List.copyOf(keys);
    wanted.forEach(Limits::checkKey);
    return make(Call.task(names(wanted), false, size(wanted), () -> handle.getAll(wanted)));
  }

  @Override
  public CompletionStage<Long> setAll(Map<String, byte[]> entries, SetOptions options) {
    Objects.requireNonNull(options, "options");
    Map<String, byte[]> own = new HashMap<>();
    long bytes = size(entries.keySet());
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      StoreHandle.checkSet(entry.getKey(), entry.getValue(), options);
      own.put(entry.getKey(), entry.getValue().clone());
      bytes += entry.getValue().length;
    }
    return make(Call.task(names(own.keySet()), true, bytes, () -> handle.setAll(own, options)));
  }

  private Set<Commit.Name> names(Collection<String> keys) {
    return keys.stream().map(this::name).collect(Collectors.toSet());
  }

  private static long size(Collection<String> keys) {
    return CALL_BYTES + keys.stream().mapToLong(key -> key.length() + CALL_BYTES).sum();
  }

  @Override
  public CompletionStage<Boolean> setIfAbsent(String key, byte[] value, SetOptions options) {
    return made(key, StoreHandle.put(key, value, options, Change.Presence.ABSENT, false));
  }

  @Override
  public CompletionStage<Boolean> setIfPresent(String key, byte[] value, SetOptions options) {
    return made(key, StoreHandle.put(key, value, options, Change.Presence.PRESENT, false));
  }

  @Override
  public CompletionStage<Boolean> replace(String key, byte[] expected, byte[] value) {
    return made(
        key, StoreHandle.put(key, value, StoreHandle.KEEPING, StoreHandle.equal(expected), false));
  }

  @Override
  public CompletionStage<Boolean> delete(String key, byte[] expected) {
    Limits.checkKey(key);
    return made(key, new Change.Remove(StoreHandle.equal(expected), false));
  }

  @Override
  public CompletionStage<Optional<byte[]>> getAndSet(String key, byte[] value, SetOptions options) {
    return before(key, StoreHandle.put(key, value, options, Change.Presence.ANY, true));
  }

  @Override
  public CompletionStage<Optional<byte[]>> getAndDelete(String key) {
    Limits.checkKey(key);
    return before(key, new Change.Remove(Change.Presence.PRESENT, true));
  }

  @Override
  public CompletionStage<Optional<byte[]>> compute(
      String key, Function<Optional<byte[]>, Optional<byte[]>> function) {
    Limits.checkKey(key);
    Objects.requireNonNull(function, "function");
    return make(
        Call.function(
            Set.of(name(key)), CALL_BYTES + key.length(), () -> handle.compute(key, function)));
  }

  @Override
  public CompletionStage<Long> increment(String key, long delta) {
    Limits.checkKey(key);
    return change(key, new Change.Add(delta), Change.Outcome::sum);
  }

  @Override
  public CompletionStage<Boolean> touch(String key, Duration ttl) {
    Limits.checkKey(key);
    return made(key, StoreHandle.touching(ttl));
  }

  @Override
  public <T extends @Nullable Object> CompletionStage<T> transaction(
      Function<Transaction, T> body) {
    Objects.requireNonNull(body, "body");
    return make(Call.function(List.of(), CALL_BYTES, () -> handle.transaction(body)));
  }

  private CompletionStage<Boolean> made(String key, Change change) {
    return change(key, change, Change.Outcome::made);
  }

  private CompletionStage<Optional<byte[]>> before(String key, Change change) {
    return change(key, change, outcome -> Optional.ofNullable(outcome.before()));
  }

  private <T> CompletionStage<T> change(
      String key, Change change, Function<Change.Outcome, T> answer) {
    long bytes = change instanceof Change.Put put ? put.value().length : 0;
    return write(
        key, bytes, (calls, reply) -> calls.change(namespace, key, change, reply.after(answer)));
  }
}
