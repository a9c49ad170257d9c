package io.nadb.testkit;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.KeyVersion;
import io.nadb.NamespaceStats;
import io.nadb.Query;
import io.nadb.Registration;
import io.nadb.RemovalListener;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.StoreStats;
import io.nadb.Transaction;
import io.nadb.spi.BackupSource;
import io.nadb.spi.ChangeSource;
import io.nadb.spi.ChangeStream;
import io.nadb.spi.CompactableStore;
import io.nadb.spi.CompactionFigures;
import io.nadb.spi.CopyableStore;
import io.nadb.spi.PinnedFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store that passes every call on to another one. */
interface ForwardingStore
    extends KeyValueStore, BackupSource, ChangeSource, CompactableStore, CopyableStore {

  /** The store that answers. */
  KeyValueStore to();

  /** Asks it. */
  default <T extends @Nullable Object> T ask(Function<KeyValueStore, T> question) {
    return question.apply(to());
  }

  /** Has it do something. */
  default void tell(Consumer<KeyValueStore> order) {
    ask(
        store -> {
          order.accept(store);
          return true;
        });
  }

  @Override
  default long set(String key, byte[] value, SetOptions options) {
    return ask(store -> store.set(key, value, options));
  }

  @Override
  default Optional<byte[]> get(String key) {
    return ask(store -> store.get(key));
  }

  @Override
  default boolean contains(String key) {
    return ask(store -> store.contains(key));
  }

  @Override
  default boolean delete(String key) {
    return ask(store -> store.delete(key));
  }

  @Override
  default Optional<EntryMetadata> metadata(String key) {
    return ask(store -> store.metadata(key));
  }

  @Override
  default Optional<Entry> entry(String key) {
    return ask(store -> store.entry(key));
  }

  @Override
  default Map<String, byte[]> getAll(Collection<String> keys) {
    return ask(store -> store.getAll(keys));
  }

  @Override
  default long setAll(Map<String, byte[]> entries, SetOptions options) {
    return ask(store -> store.setAll(entries, options));
  }

  @Override
  default Snapshot snapshot() {
    return ask(store -> store.snapshot());
  }

  @Override
  default Snapshot snapshotAt(Instant time) {
    return ask(store -> store.snapshotAt(time));
  }

  @Override
  default List<KeyVersion> log(String key, int limit) {
    return ask(store -> store.log(key, limit));
  }

  @Override
  default PinnedFiles pinFiles() {
    return ask(store -> BackupSource.of(store).pinFiles());
  }

  @Override
  default CompactionFigures compact(Consumer<CompactionFigures> progress)
      throws InterruptedException {
    return CompactableStore.of(to()).compact(progress);
  }

  @Override
  default Set<String> namespaces() {
    return ask(store -> CopyableStore.of(store).namespaces());
  }

  @Override
  default Instant now() {
    return ask(store -> CopyableStore.of(store).now());
  }

  @Override
  default List<Entry> copyOut(String namespace, Collection<String> keys) {
    return ask(store -> CopyableStore.of(store).copyOut(namespace, keys));
  }

  @Override
  default void copyIn(String namespace, Collection<Entry> entries) {
    tell(store -> CopyableStore.of(store).copyIn(namespace, entries));
  }

  @Override
  default ChangeStream changes(String bookmark, boolean everywhere) {
    return ask(store -> ChangeSource.of(store).changes(bookmark, everywhere));
  }

  @Override
  default String changesFromNow() {
    return ask(store -> ChangeSource.of(store).changesFromNow());
  }

  @Override
  default String changesAfter(Snapshot snapshot) {
    return ask(store -> ChangeSource.of(store).changesAfter(snapshot));
  }

  @Override
  default long refresh() {
    return ask(store -> store.refresh());
  }

  @Override
  default KeyValueStore namespace(String name) {
    return ask(store -> store.namespace(name));
  }

  @Override
  default boolean setIfAbsent(String key, byte[] value, SetOptions options) {
    return ask(store -> store.setIfAbsent(key, value, options));
  }

  @Override
  default boolean setIfPresent(String key, byte[] value, SetOptions options) {
    return ask(store -> store.setIfPresent(key, value, options));
  }

  @Override
  default boolean replace(String key, byte[] expected, byte[] value) {
    return ask(store -> store.replace(key, expected, value));
  }

  @Override
  default boolean delete(String key, byte[] expected) {
    return ask(store -> store.delete(key, expected));
  }

  @Override
  default Optional<byte[]> getAndSet(String key, byte[] value, SetOptions options) {
    return ask(store -> store.getAndSet(key, value, options));
  }

  @Override
  default Optional<byte[]> getAndDelete(String key) {
    return ask(store -> store.getAndDelete(key));
  }

  @Override
  default Optional<byte[]> compute(
      String key, Function<Optional<byte[]>, Optional<byte[]>> function) {
    return ask(store -> store.compute(key, function));
  }

  @Override
  default long increment(String key, long delta) {
    return ask(store -> store.increment(key, delta));
  }

  @Override
  default boolean touch(String key, Duration ttl) {
    return ask(store -> store.touch(key, ttl));
  }

  @Override
  default Transaction begin() {
    return ask(store -> store.begin());
  }

  @Override
  default <T extends @Nullable Object> T transaction(Function<Transaction, T> body) {
    return ask(store -> store.transaction(body));
  }

  @Override
  default long size() {
    return ask(store -> store.size());
  }

  @Override
  default List<String> keys(String prefix) {
    return ask(store -> store.keys(prefix));
  }

  @Override
  default List<EntryMetadata> queryByTags(String... tags) {
    return ask(store -> store.queryByTags(tags));
  }

  @Override
  default Query query() {
    return ask(store -> store.query());
  }

  @Override
  default Map<String, Long> tags() {
    return ask(store -> store.tags());
  }

  @Override
  default void clear() {
    tell(store -> store.clear());
  }

  @Override
  default void flush() {
    tell(store -> store.flush());
  }

  @Override
  default Registration onRemoval(RemovalListener listener) {
    return ask(store -> store.onRemoval(listener));
  }

  @Override
  default Set<StoreCapability> capabilities() {
    return ask(KeyValueStore::capabilities);
  }

  @Override
  default int cleanupExpired() {
    return ask(store -> store.cleanupExpired());
  }

  @Override
  default long durableSequence() {
    return to().durableSequence();
  }

  @Override
  default CompletableFuture<@Nullable Void> whenDurable(long sequence) {
    return ask(store -> store.whenDurable(sequence));
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
  default NamespaceStats namespaceStats() {
    return to().namespaceStats();
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
    tell(store -> store.close());
  }
}
