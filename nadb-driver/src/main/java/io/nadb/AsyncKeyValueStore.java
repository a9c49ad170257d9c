package io.nadb;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KeyValueStore} for callers who do not wait: each method returns at once, with a stage
 * that ends with what the store's method of the same name returns.
 *
 * <p><b>No thread waits.</b> What memory can answer is done before the method returns, on the
 * caller's own thread: reads and writes of {@code nadb:mem:} and {@code nadb:fs:}, unless they need
 * the disk. The rest is done by a few threads of the store. On a server, calls that are under way
 * at the same time are sent together on few connections.
 *
 * <p><b>Order.</b> Calls by one thread on one key take effect in the order of the calls, those of
 * {@code getAll} and {@code setAll} included. What runs a function is different: {@code compute}
 * comes after the calls before it on its key, but those after it do not wait for it, and {@code
 * transaction} takes place at any time. Calls on different keys may take effect in any order, and
 * so may the calls of the store itself: who needs an order continues from the stage of the one
 * before. Stages end in any order.
 *
 * <p><b>How many.</b> At most 10,000 calls of a location, with 64 MB of keys and values, may be
 * under way, those counted whose stages have not ended; a larger one is admitted alone. A call
 * beyond that ends with a {@link NadbException} at once, and nothing is done.
 *
 * <p><b>Errors.</b> An argument that is refused is thrown at once, as the store does: {@link
 * NullPointerException} and {@link IllegalArgumentException}. All else ends the stage: with a
 * {@link java.util.concurrent.CompletionException}, whose cause is what the store's method throws,
 * {@code inDoubt} included. Closing the store ends the stages of calls that have not been begun
 * with an {@link IllegalStateException}, and cuts short those that wait for a server; so no stage
 * stays open.
 *
 * <p><b>Threads.</b> Any thread may call any method. What follows a stage by a method without
 * {@code Async} in its name runs on the caller's thread if the stage has ended by then, else on a
 * thread of the store, which makes other calls meanwhile wait: it should be brief, and must not
 * wait for another stage. Nobody but the store can complete a stage; {@code toCompletableFuture()}
 * gives a copy, which its owner may complete, cancel or give a timeout: the call goes on.
 *
 * @since 0.1.0
 */
public interface AsyncKeyValueStore {

  /** As {@link #set(String, byte[], SetOptions)}, without tags and without TTL. */
  default CompletionStage<Long> set(String key, byte[] value) {
    return set(key, value, SetOptions.none());
  }

  /**
   * As {@link KeyValueStore#set(String, byte[], SetOptions)}; the value is copied before this
   * returns.
   *
   * @return ends with the write's sequence number, when the write is as durable as the option
   *     {@code durability} says
   */
  CompletionStage<Long> set(String key, byte[] value, SetOptions options);

  /** As {@link KeyValueStore#get}. */
  CompletionStage<Optional<byte[]>> get(String key);

  /** As {@link KeyValueStore#contains}. */
  CompletionStage<Boolean> contains(String key);

  /** As {@link KeyValueStore#delete(String)}. */
  CompletionStage<Boolean> delete(String key);

  /** As {@link KeyValueStore#metadata}. */
  CompletionStage<Optional<EntryMetadata>> metadata(String key);

  /** As {@link KeyValueStore#entry}. */
  CompletionStage<Optional<Entry>> entry(String key);

  /** As {@link KeyValueStore#getAll}. */
  CompletionStage<Map<String, byte[]>> getAll(Collection<String> keys);

  /** As {@link #setAll(Map, SetOptions)}, without tags and without TTL. */
  default CompletionStage<Long> setAll(Map<String, byte[]> entries) {
    return setAll(entries, SetOptions.none());
  }

  /** As {@link KeyValueStore#setAll(Map, SetOptions)}; the values are copied by then. */
  CompletionStage<Long> setAll(Map<String, byte[]> entries, SetOptions options);

  /** As {@link #setIfAbsent(String, byte[], SetOptions)}, without tags and without TTL. */
  default CompletionStage<Boolean> setIfAbsent(String key, byte[] value) {
    return setIfAbsent(key, value, SetOptions.none());
  }

  /** As {@link KeyValueStore#setIfAbsent(String, byte[], SetOptions)}. */
  CompletionStage<Boolean> setIfAbsent(String key, byte[] value, SetOptions options);

  /** As {@link #setIfPresent(String, byte[], SetOptions)}, without tags and without TTL. */
  default CompletionStage<Boolean> setIfPresent(String key, byte[] value) {
    return setIfPresent(key, value, SetOptions.none());
  }

  /** As {@link KeyValueStore#setIfPresent(String, byte[], SetOptions)}. */
  CompletionStage<Boolean> setIfPresent(String key, byte[] value, SetOptions options);

  /** As {@link KeyValueStore#replace}. */
  CompletionStage<Boolean> replace(String key, byte[] expected, byte[] value);

  /** As {@link KeyValueStore#delete(String, byte[])}. */
  CompletionStage<Boolean> delete(String key, byte[] expected);

  /** As {@link #getAndSet(String, byte[], SetOptions)}, without tags and without TTL. */
  default CompletionStage<Optional<byte[]>> getAndSet(String key, byte[] value) {
    return getAndSet(key, value, SetOptions.none());
  }

  /** As {@link KeyValueStore#getAndSet(String, byte[], SetOptions)}. */
  CompletionStage<Optional<byte[]>> getAndSet(String key, byte[] value, SetOptions options);

  /** As {@link KeyValueStore#getAndDelete}. */
  CompletionStage<Optional<byte[]>> getAndDelete(String key);

  /**
   * As {@link KeyValueStore#compute}; the function runs on a thread of the store, of which there
   * are eight for all that runs functions.
   */
  CompletionStage<Optional<byte[]>> compute(
      String key, Function<Optional<byte[]>, Optional<byte[]>> function);

  /** As {@link KeyValueStore#increment}. */
  CompletionStage<Long> increment(String key, long delta);

  /** As {@link KeyValueStore#touch}. */
  CompletionStage<Boolean> touch(String key, Duration ttl);

  /**
   * As {@link KeyValueStore#transaction}; the function runs on a thread of the store, of which
   * there are eight for all that runs functions, and may wait there for what it reads.
   */
  <T extends @Nullable Object> CompletionStage<T> transaction(Function<Transaction, T> body);
}
