package io.nadb.internal.memory;

import io.nadb.KeyOrder;
import io.nadb.internal.memory.MemoryBackend.Held;
import io.nadb.spi.BackendView;
import io.nadb.spi.StoredEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the memory backend held at one moment: what it holds now, with what has been replaced or
 * removed since, and without what came since.
 */
final class MemoryView implements BackendView {
  private final MemoryBackend backend;
  private final long sequence;

  /** What has been replaced or removed since, by namespace and key. */
  private final Map<String, Map<String, Held>> replaced = new ConcurrentHashMap<>();

  private final LongAdder keptBytes = new LongAdder();

  MemoryView(MemoryBackend backend, long sequence) {
    this.backend = backend;
    this.sequence = sequence;
  }

  /** Is told of what is about to be replaced or removed. */
  void keep(String namespace, String key, Held old) {
    if (old.entry().sequence() <= sequence) {
      Map<String, Held> ofNamespace =
          replaced.computeIfAbsent(namespace, name -> new ConcurrentHashMap<>());
      if (ofNamespace.putIfAbsent(key, old) == null) {
        keptBytes.add(old.entry().size());
      }
    }
  }

  /** How many entries are held that the backend has no more. */
  int kept() {
    return replaced.values().stream().mapToInt(Map::size).sum();
  }

  @Override
  public long keptBytes() {
    return keptBytes.sum();
  }

  private @Nullable Held find(String namespace, String key) {
    Held current = backend.read(namespace).get(key); // First: what replaces it is told before.
    Held old = replaced.getOrDefault(namespace, Map.of()).get(key);
    return old != null || current == null || current.entry().sequence() > sequence ? old : current;
  }

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now) {
    Held held = find(namespace, key);
    return held == null ? null : held.value(now);
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) {
    Held held = find(namespace, key);
    return held == null ? null : held.entry();
  }

  /** Gives the entries whose keys begin with a prefix, in key order. */
  private Collection<StoredEntry> entries(String namespace, String prefix) {
    NavigableMap<String, StoredEntry> found = new TreeMap<>(KeyOrder.INSTANCE);
    for (Map.Entry<String, Held> next : backend.read(namespace).tailMap(prefix).entrySet()) {
      if (!next.getKey().startsWith(prefix)) {
        break;
      }
      StoredEntry entry = next.getValue().entry();
      if (entry.sequence() <= sequence) {
        found.put(next.getKey(), entry);
      }
    }
    replaced // Last: what has gone from the map by now is in here.
        .getOrDefault(namespace, Map.of())
        .forEach(
            (key, old) -> {
              if (key.startsWith(prefix)) {
                found.put(key, old.entry());
              }
            });
    return found.values();
  }

  @Override
  public void scan(String namespace, String prefix, Consumer<StoredEntry> each) {
    entries(namespace, prefix).forEach(each);
  }

  @Override
  public List<StoredEntry> tagged(String namespace, Set<String> tags) {
    List<StoredEntry> hits = new ArrayList<>();
    for (StoredEntry entry : entries(namespace, "")) {
      if (entry.tags().containsAll(tags)) {
        hits.add(entry);
      }
    }
    return hits;
  }

  @Override
  public void eachTagged(String namespace, Consumer<StoredEntry> each) {
    for (StoredEntry entry : entries(namespace, "")) {
      if (!entry.tags().isEmpty()) {
        each.accept(entry);
      }
    }
  }

  @Override
  public void close() {
    backend.release(this);
    replaced.clear();
  }
}
