package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a store must hold: a map with time. */
final class StoreModel {
  private final TreeMap<String, Entry> entries;

  StoreModel() {
    this(Map.of());
  }

  private StoreModel(Map<String, Entry> entries) {
    this.entries = new TreeMap<>(entries);
  }

  /** An entry; expired ones stay until they are removed. */
  private record Entry(ByteBuffer value, EntryMetadata metadata) {
    boolean isGoneAt(Instant now) {
      return metadata.expiresAt().isPresent() && !now.isBefore(metadata.expiresAt().get());
    }
  }

  /** All that can be asked of a store at one moment. */
  record View(
      Map<String, ByteBuffer> values, List<EntryMetadata> metadata, Map<String, Long> tags) {

    @Override
    public String toString() {
      return metadata + " " + tags;
    }
  }

  StoreModel copy() {
    return new StoreModel(entries);
  }

  void set(String key, byte[] value, SetOptions options, Instant now) {
    Entry old = entries.get(key);
    boolean alive = old != null && !old.isGoneAt(now);
    Set<String> tags =
        options.keepsTags() && old != null && alive ? old.metadata.tags() : options.tags();
    Optional<Instant> expiresAt =
        options.keepsTtl()
            ? old != null && alive ? old.metadata.expiresAt() : Optional.empty()
            : options.ttl().map(now::plus);
    Instant created = old != null && alive ? old.metadata.created() : now;
    EntryMetadata metadata =
        new EntryMetadata(key, value.length, created, now, expiresAt, new TreeSet<>(tags));
    entries.put(key, new Entry(ByteBuffer.wrap(value), metadata));
  }

  /** The value of a key that is alive. */
  Optional<byte[]> get(String key, Instant now) {
    Entry entry = entries.get(key);
    if (entry == null || entry.isGoneAt(now)) {
      return Optional.empty();
    }
    byte[] value = new byte[entry.value.remaining()];
    entry.value.duplicate().get(value);
    return Optional.of(value);
  }

  boolean touch(String key, Duration ttl, Instant now) {
    Entry old = entries.get(key);
    if (old == null || old.isGoneAt(now)) {
      return false;
    }
    EntryMetadata was = old.metadata;
    EntryMetadata metadata =
        new EntryMetadata(
            key, was.size(), was.created(), was.updated(), Optional.of(now.plus(ttl)), was.tags());
    entries.put(key, new Entry(old.value, metadata));
    return true;
  }

  boolean delete(String key, Instant now) {
    Entry old = entries.get(key);
    if (old == null || old.isGoneAt(now)) {
      return false;
    }
    entries.remove(key);
    return true;
  }

  void clear() {
    entries.clear();
  }

  int cleanupExpired(Instant now) {
    int before = entries.size();
    entries.values().removeIf(entry -> entry.isGoneAt(now));
    return before - entries.size();
  }

  View at(Instant now) {
    TreeMap<String, Entry> alive = new TreeMap<>(entries);
    alive.values().removeIf(entry -> entry.isGoneAt(now));
    Map<String, ByteBuffer> values = new TreeMap<>();
    alive.forEach((key, entry) -> values.put(key, entry.value));
    return new View(
        values, alive.values().stream().map(Entry::metadata).toList(), tags(alive.values()));
  }

  private static Map<String, Long> tags(Iterable<Entry> entries) {
    Map<String, Long> counts = new TreeMap<>();
    for (Entry entry : entries) {
      entry.metadata.tags().forEach(tag -> counts.merge(tag, 1L, Long::sum));
    }
    return counts;
  }

  /** Reads all entries that a store holds, key by key. */
  private static View readEntries(KeyValueStore store, Set<String> universe) {
    Map<String, ByteBuffer> values = new TreeMap<>();
    List<EntryMetadata> metadata =
        new TreeSet<>(universe).stream().map(store::metadata).flatMap(Optional::stream).toList();
    for (String key : universe) {
      store.get(key).ifPresent(value -> values.put(key, ByteBuffer.wrap(value)));
    }
    assertThat(metadata.stream().map(EntryMetadata::key))
        .as("keys with metadata")
        .containsExactlyElementsOf(values.keySet());
    for (EntryMetadata entry : metadata) {
      ByteBuffer value = values.getOrDefault(entry.key(), ByteBuffer.allocate(0));
      assertThat(value.remaining()).isEqualTo(entry.size());
    }
    Map<String, Long> tags = new TreeMap<>();
    metadata.forEach(entry -> entry.tags().forEach(tag -> tags.merge(tag, 1L, Long::sum)));
    return new View(values, metadata, tags);
  }

  /** Reads all that a store holds, in every way there is, and sees that the answers agree. */
  static View read(KeyValueStore store, Set<String> universe) {
    View view = readEntries(store, universe);
    for (String key : universe) {
      assertThat(store.contains(key)).as(key).isEqualTo(view.values.containsKey(key));
    }
    assertThat(store.keys("")).as("keys").containsExactlyElementsOf(view.values.keySet());
    assertThat(store.tags()).as("tags").isEqualTo(view.tags);
    for (String tag : view.tags.keySet()) {
      assertThat(store.queryByTags(tag))
          .as("entries tagged %s", tag)
          .isEqualTo(view.metadata.stream().filter(it -> it.tags().contains(tag)).toList());
    }
    return view;
  }

  /** Reads all that a snapshot shows, likewise. */
  static View read(Snapshot snapshot, Set<String> universe) {
    Map<String, ByteBuffer> values = new TreeMap<>();
    List<EntryMetadata> metadata = new ArrayList<>();
    Map<String, Long> tags = new TreeMap<>();
    for (String key : new TreeSet<>(universe)) {
      snapshot.get(key).ifPresent(value -> values.put(key, ByteBuffer.wrap(value)));
      snapshot.metadata(key).ifPresent(metadata::add);
    }
    metadata.forEach(entry -> entry.tags().forEach(tag -> tags.merge(tag, 1L, Long::sum)));
    assertThat(snapshot.keys("")).as("keys").containsExactlyElementsOf(values.keySet());
    assertThat(snapshot.tags()).as("tags").isEqualTo(tags);
    assertThat(snapshot.size()).as("size").isEqualTo(values.size());
    assertThat(snapshot.query().count()).as("count").isEqualTo(values.size());
    for (String tag : tags.keySet()) {
      assertThat(snapshot.queryByTags(tag))
          .as("entries tagged %s", tag)
          .isEqualTo(metadata.stream().filter(it -> it.tags().contains(tag)).toList());
    }
    return new View(values, metadata, tags);
  }
}
