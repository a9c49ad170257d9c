package io.nadb.copy;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.spi.CopyableStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Writes to the target of a copy, and reads what it has. For one thread. */
final class CopyWriter implements AutoCloseable {
  private final KeyValueStore store;
  private final CopyableStore copyable;
  private final Map<String, KeyValueStore> handles = new HashMap<>();

  private CopyWriter(KeyValueStore store, CopyableStore copyable) {
    this.store = store;
    this.copyable = copyable;
  }

  static CopyWriter of(KeyValueStore store) {
    return new CopyWriter(store, CopyableStore.of(store));
  }

  private KeyValueStore in(String namespace) {
    return handles.computeIfAbsent(namespace, store::namespace);
  }

  CopyMark mark() {
    return new CopyMark(in(CopyMark.NAMESPACE));
  }

  /** All namespaces that have entries, and maybe some that have none. */
  Set<String> namespaces() {
    return copyable.namespaces();
  }

  /** A key that a namespace has. */
  Optional<String> anyKey(String namespace) {
    return in(namespace).query().limit(1).keys().stream().findFirst();
  }

  Instant now() {
    return copyable.now();
  }

  /** What is known of the entries of a namespace, in key order; to be closed. */
  Stream<EntryMetadata> metadata(String namespace) {
    return in(namespace).query().stream();
  }

  /** Those of the entries that exist, in the order of the keys. */
  List<Entry> read(String namespace, Collection<String> keys) {
    return copyable.copyOut(namespace, keys);
  }

  void write(String namespace, Collection<Entry> entries) {
    copyable.copyIn(namespace, entries);
  }

  /** Removes an entry; returns whether there was one. */
  boolean remove(String namespace, String key) {
    return in(namespace).delete(key);
  }

  /** Closes what was opened here; the store stays open. */
  @Override
  public void close() {
    handles.values().forEach(KeyValueStore::close);
  }
}
