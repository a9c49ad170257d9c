package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyOrder;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about many entries, and those about one that take more than one look, from a
 * view.
 */
final class ViewReader {
  private final View view;
  private final boolean judges;
  private final long now;

  /**
   * Reads a view.
   *
   * @param judges whether the backend's entries may have expired; else it decides that
   * @param now what has expired by then is not there
   */
  ViewReader(View view, boolean judges, long now) {
    this.view = view;
    this.judges = judges;
    this.now = now;
  }

  List<String> keys(String namespace, String prefix) throws IOException {
    Map<String, Write> buffered = view.buffered(namespace);
    SortedMap<String, String> alive = new TreeMap<>(KeyOrder.INSTANCE);
    buffered.forEach(
        (key, write) -> {
          if (key.startsWith(prefix) && !write.isGoneAt(now)) {
            alive.put(key, key);
          }
        });
    OrderedMerge<String> keys = new OrderedMerge<>(alive);
    view.stored()
        .scan(
            namespace,
            prefix,
            entry -> {
              if (counts(entry, buffered)) {
                keys.add(entry.key(), entry.key());
              }
            });
    return keys.finish();
  }

  List<EntryMetadata> tagged(String namespace, Set<String> tags) throws IOException {
    Map<String, Write> buffered = view.buffered(namespace);
    SortedMap<String, EntryMetadata> alive = new TreeMap<>(KeyOrder.INSTANCE);
    for (Map.Entry<String, Write> next : buffered.entrySet()) {
      Write write = next.getValue();
      if (!write.isGoneAt(now) && write.tags().containsAll(tags)) {
        alive.put(next.getKey(), metadata(namespace, next.getKey(), write));
      }
    }
    OrderedMerge<EntryMetadata> hits = new OrderedMerge<>(alive);
    for (StoredEntry entry : view.stored().tagged(namespace, tags)) {
      if (counts(entry, buffered)) {
        hits.add(entry.key(), entry.toMetadata());
      }
    }
    return hits.finish();
  }

  SortedMap<String, Long> tagCounts(String namespace) throws IOException {
    Map<String, Write> buffered = view.buffered(namespace);
    Map<String, Long> counts =
        view.stored().countTags(namespace, judges ? now : Long.MIN_VALUE, buffered.keySet());
    for (Write write : buffered.values()) {
      if (!write.isGoneAt(now)) {
        write.tags().forEach(tag -> counts.merge(tag, 1L, Long::sum));
      }
    }
    SortedMap<String, Long> sorted = new TreeMap<>(KeyOrder.INSTANCE);
    sorted.putAll(counts);
    return Collections.unmodifiableSortedMap(sorted);
  }

  /** Returns all keys of a namespace that the backend or the buffer has, expired ones included. */
  Set<String> everyKey(String namespace) throws IOException {
    Set<String> keys = new HashSet<>(view.buffered(namespace).keySet());
    view.stored().scan(namespace, "", entry -> keys.add(entry.key()));
    return keys;
  }

  /** Returns the values of those of the keys that exist, in their order. */
  Map<String, byte[]> values(String namespace, List<String> keys) throws IOException {
    return values(namespace, keys, others -> view.stored().values(namespace, others, () -> now));
  }

  /** Returns values for somebody who puts them beside nothing else, in the order of the keys. */
  Map<String, byte[]> recentValues(String namespace, List<String> keys) throws IOException {
    return values(
        namespace, keys, others -> view.stored().recentValues(namespace, others, () -> now));
  }

  /** Finds values in what is stored. */
  private interface Stored {
    Map<String, byte[]> values(List<String> keys) throws IOException;
  }

  private Map<String, byte[]> values(String namespace, List<String> keys, Stored found)
      throws IOException {
    Map<String, Write> buffered = new HashMap<>();
    List<String> others = new ArrayList<>();
    for (String key : keys) {
      Write write = view.buffered(namespace, key);
      if (write == null) {
        others.add(key);
      } else {
        buffered.put(key, write);
      }
    }
    Map<String, byte[]> stored = found.values(others);
    Map<String, byte[]> values = new LinkedHashMap<>();
    for (String key : keys) {
      Write write = buffered.get(key);
      byte[] value =
          write == null
              ? stored.get(key)
              : write.isGoneAt(now) ? null : value(namespace, key, write);
      if (value != null) {
        values.put(key, value);
      }
    }
    return values;
  }

  Optional<EntryMetadata> metadata(String namespace, String key) throws IOException {
    Write write = view.buffered(namespace, key);
    if (write != null) {
      return write.isGoneAt(now) ? Optional.empty() : Optional.of(metadata(namespace, key, write));
    }
    StoredEntry entry = view.stored().entry(namespace, key);
    return entry == null || isGone(entry) ? Optional.empty() : Optional.of(entry.toMetadata());
  }

  /** Returns an entry with its value, or empty if there is none. */
  Optional<Entry> entry(String namespace, String key) throws IOException {
    Optional<EntryMetadata> metadata = metadata(namespace, key);
    byte[] value = metadata.isEmpty() ? null : value(namespace, key);
    return value == null ? Optional.empty() : Optional.of(new Entry(metadata.get(), value));
  }

  /** Returns a value, an array of the caller's own; null if there is none. */
  byte @Nullable [] value(String namespace, String key) throws IOException {
    Write write = view.buffered(namespace, key);
    return write == null
        ? view.stored().value(namespace, key, () -> now)
        : write.isGoneAt(now) ? null : value(namespace, key, write);
  }

  /** Returns an entry that is in the layers, and alive. */
  Optional<Entry> bufferedEntry(String namespace, String key) throws IOException {
    Write write = view.buffered(namespace, key);
    return write == null || write.isGoneAt(now)
        ? Optional.empty()
        : Optional.of(new Entry(metadata(namespace, key, write), value(namespace, key, write)));
  }

  private byte[] value(String namespace, String key, Write write) throws IOException {
    if (write.hasValue()) {
      return write.value().clone();
    }
    // That of a touch, whose entry may have expired but for the touch.
    byte[] value = view.stored().value(namespace, key, () -> Long.MIN_VALUE);
    if (value == null) {
      throw TouchedValues.lost(namespace, key);
    }
    return value;
  }

  /** How many entries are alive. */
  long size(String namespace) throws IOException {
    Map<String, Write> buffered = view.buffered(namespace);
    long[] size = {buffered.values().stream().filter(write -> !write.isGoneAt(now)).count()};
    view.stored()
        .scan(
            namespace,
            "",
            entry -> {
              if (counts(entry, buffered)) {
                size[0]++;
              }
            });
    return size[0];
  }

  /** Answers queries of a namespace. */
  QueryRun queries(String namespace) {
    return new QueryRun(
        view.stored(),
        new LayerOverlay(view, namespace, (key, write) -> resolve(namespace, key, write)),
        keys -> values(namespace, keys),
        namespace,
        judges,
        now);
  }

  private EntryMetadata metadata(String namespace, String key, Write write) throws IOException {
    return resolve(namespace, key, write).toMetadata();
  }

  /** Gives the entry that a write in the layers has made. */
  private StoredEntry resolve(String namespace, String key, Write write) throws IOException {
    Write below = view.sealed(namespace, key);
    Write resolved = below == null || below == write ? write : Creation.after(below, write);
    StoredEntry stored = resolved.inheritsCreated() ? view.stored().entry(namespace, key) : null;
    return LayeredReader.entry(key, write, Creation.resolve(resolved, stored));
  }

  /** Whether the backend's entry is there, and what counts. */
  private boolean counts(StoredEntry entry, Map<String, Write> buffered) {
    return !isGone(entry) && !buffered.containsKey(entry.key());
  }

  private boolean isGone(StoredEntry entry) {
    return judges && entry.isGoneAt(now);
  }
}
