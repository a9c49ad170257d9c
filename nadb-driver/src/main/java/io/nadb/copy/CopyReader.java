package io.nadb.copy;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.spi.CopyableStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a store that is copied: as it was at one moment, if it keeps moments. */
final class CopyReader implements AutoCloseable {
  private final KeyValueStore store;
  private final CopyableStore copyable;
  private final @Nullable Snapshot snapshot;
  private final SortedSet<String> namespaces;

  private CopyReader(
      KeyValueStore store,
      CopyableStore copyable,
      @Nullable Snapshot snapshot,
      SortedSet<String> namespaces) {
    this.store = store;
    this.copyable = copyable;
    this.snapshot = snapshot;
    this.namespaces = namespaces;
  }

  /** Begins at this moment. */
  static CopyReader open(KeyValueStore store) {
    CopyableStore copyable = CopyableStore.of(store);
    SortedSet<String> namespaces = new TreeSet<>(copyable.namespaces());
    if (!store.capabilities().contains(StoreCapability.SNAPSHOTS)) {
      return new CopyReader(store, copyable, null, namespaces);
    }
    Snapshot snapshot = store.snapshot();
    try {
      namespaces.addAll(copyable.namespaces()); // One may have come in between.
      return new CopyReader(store, copyable, snapshot, namespaces);
    } catch (Throwable e) {
      snapshot.close();
      throw e;
    }
  }

  /** When the moment was; empty if each entry is of a moment of its own. */
  Optional<Instant> time() {
    return Optional.ofNullable(snapshot).map(Snapshot::time);
  }

  /** All namespaces that have entries, and maybe some that have none. */
  SortedSet<String> namespaces() {
    return namespaces;
  }

  /** How many entries there are, nearly; empty if nobody counts. */
  OptionalLong total() {
    return snapshot == null ? OptionalLong.empty() : OptionalLong.of(store.stats().keys());
  }

  Instant now() {
    return copyable.now();
  }

  /** What is known of the entries of a namespace, in key order; to be closed. */
  Stream<EntryMetadata> metadata(String namespace) {
    if (snapshot != null) {
      return snapshot.namespace(namespace).query().stream();
    }
    KeyValueStore handle = store.namespace(namespace);
    return handle.query().stream().onClose(handle::close);
  }

  /** Those of the entries that exist, in the order of the keys. */
  List<Entry> read(String namespace, Collection<String> keys) {
    if (snapshot == null) {
      return copyable.copyOut(namespace, keys);
    }
    Snapshot of = snapshot.namespace(namespace);
    List<Entry> found = new ArrayList<>();
    for (String key : keys) {
      of.entry(key).ifPresent(found::add);
    }
    return found;
  }

  @Override
  public void close() {
    if (snapshot != null) {
      snapshot.close();
    }
  }
}
