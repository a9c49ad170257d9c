package io.nadb.testkit;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreStats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store that passes every call on to another one. */
interface ForwardingStore extends KeyValueStore {

  /** The store that answers. */
  KeyValueStore to();

  @Override
  default long set(String key, byte[] value, SetOptions options) {
    return to().set(key, value, options);
  }

  @Override
  default Optional<byte[]> get(String key) {
    return to().get(key);
  }

  @Override
  default boolean contains(String key) {
    return to().contains(key);
  }

  @Override
  default boolean delete(String key) {
    return to().delete(key);
  }

  @Override
  default Optional<EntryMetadata> metadata(String key) {
    return to().metadata(key);
  }

  @Override
  default List<String> keys(String prefix) {
    return to().keys(prefix);
  }

  @Override
  default List<EntryMetadata> queryByTags(String... tags) {
    return to().queryByTags(tags);
  }

  @Override
  default Map<String, Long> tags() {
    return to().tags();
  }

  @Override
  default void clear() {
    to().clear();
  }

  @Override
  default void flush() {
    to().flush();
  }

  @Override
  default int cleanupExpired() {
    return to().cleanupExpired();
  }

  @Override
  default long durableSequence() {
    return to().durableSequence();
  }

  @Override
  default boolean awaitDurable(long sequence, Duration timeout) throws InterruptedException {
    return to().awaitDurable(sequence, timeout);
  }

  @Override
  default StoreStats stats() {
    return to().stats();
  }

  @Override
  default String name() {
    return to().name();
  }

  @Override
  default String url() {
    return to().url();
  }

  @Override
  default void close() {
    to().close();
  }
}
