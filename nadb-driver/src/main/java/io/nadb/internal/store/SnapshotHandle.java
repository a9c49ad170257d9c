package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.Query;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A user's snapshot of one namespace: checks arguments, and asks. */
final class SnapshotHandle implements Snapshot {
  private final Snapshots.Lease lease;
  private final String namespace;

  SnapshotHandle(Snapshots.Lease lease, String namespace) {
    this.lease = lease;
    this.namespace = namespace;
  }

  /** What a query is answered from that keeps this open by itself, and closes it. */
  QuerySource queries() {
    return new SnapshotQueries(lease, namespace, true);
  }

  private OpenSnapshot open() {
    return lease.snapshot();
  }

  @Override
  public long sequence() {
    return open().sequence();
  }

  @Override
  public Instant time() {
    return open().time();
  }

  @Override
  public Optional<byte[]> get(String key) {
    Limits.checkKey(key);
    return open().ask(reader -> Optional.ofNullable(reader.value(namespace, key)));
  }

  @Override
  public Map<String, byte[]> getAll(Collection<String> keys) {
    Set<String> wanted = new LinkedHashSet<>(keys);
    wanted.forEach(Limits::checkKey);
    return Collections.unmodifiableMap(
        open().ask(reader -> reader.values(namespace, List.copyOf(wanted))));
  }

  @Override
  public boolean contains(String key) {
    return metadata(key).isPresent();
  }

  @Override
  public Optional<EntryMetadata> metadata(String key) {
    Limits.checkKey(key);
    return open().ask(reader -> reader.metadata(namespace, key));
  }

  @Override
  public Optional<Entry> entry(String key) {
    Limits.checkKey(key);
    return open().ask(reader -> reader.entry(namespace, key));
  }

  @Override
  public long size() {
    return open().ask(reader -> reader.size(namespace));
  }

  @Override
  public List<String> keys(String prefix) {
    Objects.requireNonNull(prefix, "prefix");
    return open().ask(reader -> reader.keys(namespace, prefix));
  }

  @Override
  public List<EntryMetadata> queryByTags(String... tags) {
    Set<String> wanted = Limits.checkQuery(SetOptions.tags(tags).tags());
    return open().ask(reader -> reader.tagged(namespace, wanted));
  }

  @Override
  public Query query() {
    return QueryHandle.of(() -> new SnapshotQueries(lease, namespace, false), namespace);
  }

  @Override
  public Map<String, Long> tags() {
    return open().ask(reader -> reader.tagCounts(namespace));
  }

  @Override
  public Snapshot namespace(String name) {
    Limits.checkNamespace(name);
    open().checkOpen();
    return new SnapshotHandle(lease, name);
  }

  @Override
  public void close() {
    lease.close();
  }

  @Override
  public String toString() {
    return "Snapshot[" + namespace + " at " + sequence() + "]";
  }
}
