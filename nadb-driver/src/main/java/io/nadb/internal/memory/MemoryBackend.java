package io.nadb.internal.memory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.spi.BackendStats;
import io.nadb.spi.Cut;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.KeyOrder;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend in the heap, with the semantics of the others: for tests, and for caches that need not
 * outlive the process. What it holds is gone when it is closed.
 *
 * <p>Queries look at every entry of the namespace; that is what a map in memory can afford.
 */
public final class MemoryBackend implements StorageBackend {
  private final Map<String, ConcurrentSkipListMap<String, Held>> namespaces =
      new ConcurrentHashMap<>();

  @GuardedBy("this")
  private long earliestExpiry = Write.NEVER;

  /** How many writes there were with a TTL. */
  @GuardedBy("this")
  private long expiryWrites;

  /** Creates an empty backend. */
  public MemoryBackend() {}

  /** An entry and its value. */
  private record Held(StoredEntry entry, Write write) {}

  @Override
  public long recoveredSequence() {
    return 0;
  }

  @Override
  public boolean numbersAnew() {
    return true;
  }

  @Override
  public void apply(Cut cut, boolean sync) {
    cut.forEach(
        (namespace, key, write) -> {
          Map<String, Held> map = namespace(namespace);
          if (write.isDelete()) {
            map.remove(key);
          } else {
            map.compute(key, (same, old) -> held(key, write, old));
            noteExpiry(write.expiresAt());
          }
        });
  }

  private static Held held(String key, Write write, @Nullable Held old) {
    long created = write.created();
    if (old != null && write.inheritsCreated() && !old.entry.isGoneAt(created)) {
      created = old.entry.created();
    }
    return new Held(
        new StoredEntry(
            key,
            write.sequence(),
            write.value().length,
            created,
            write.updated(),
            write.expiresAt(),
            write.tags()),
        write);
  }

  @Override
  public void sync() {}

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now) {
    Held held = read(namespace).get(key);
    return held == null || held.write.isGoneNow(now) ? null : held.write.value().clone();
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) {
    Held held = read(namespace).get(key);
    return held == null ? null : held.entry;
  }

  @Override
  public void scan(String namespace, String prefix, Consumer<StoredEntry> each) {
    for (Map.Entry<String, Held> next : read(namespace).tailMap(prefix).entrySet()) {
      if (!next.getKey().startsWith(prefix)) {
        return;
      }
      each.accept(next.getValue().entry);
    }
  }

  @Override
  public List<StoredEntry> tagged(String namespace, Set<String> tags) {
    List<StoredEntry> hits = new ArrayList<>();
    for (Held held : read(namespace).values()) {
      if (held.entry.tags().containsAll(tags)) {
        hits.add(held.entry);
      }
    }
    return hits;
  }

  @Override
  public void eachTagged(String namespace, Consumer<StoredEntry> each) {
    for (Held held : read(namespace).values()) {
      if (!held.entry.tags().isEmpty()) {
        each.accept(held.entry);
      }
    }
  }

  @Override
  public List<ExpiredKey> expired(@Nullable String namespace, long now, int limit) {
    List<Found> found = new ArrayList<>();
    long before = expiryWrites();
    long[] first = {Write.NEVER};
    namespaces.forEach(
        (space, map) -> {
          if (namespace == null || namespace.equals(space)) {
            for (Held held : map.values()) {
              first[0] = Math.min(first[0], held.entry.expiresAt());
              if (held.entry.isGoneAt(now)) {
                found.add(new Found(space, held.entry));
              }
            }
          }
        });
    if (namespace == null) {
      postponeExpiry(first[0], before);
    }
    return found.stream()
        .sorted(Comparator.comparingLong(hit -> hit.entry.expiresAt()))
        .limit(limit)
        .map(hit -> new ExpiredKey(hit.namespace, hit.entry.key(), hit.entry.sequence()))
        .toList();
  }

  @Override
  public synchronized long earliestExpiry() {
    return earliestExpiry;
  }

  private synchronized void noteExpiry(long expiresAt) {
    if (expiresAt != Write.NEVER) {
      expiryWrites++;
      earliestExpiry = Math.min(earliestExpiry, expiresAt);
    }
  }

  private synchronized long expiryWrites() {
    return expiryWrites;
  }

  /** Takes what has been found for the earliest, unless something was written meanwhile. */
  private synchronized void postponeExpiry(long found, long writesBefore) {
    if (expiryWrites == writesBefore) {
      earliestExpiry = found;
    }
  }

  private record Found(String namespace, StoredEntry entry) {}

  @Override
  public boolean maintain(boolean idle) {
    return false;
  }

  @Override
  public BackendStats stats() {
    long keys = 0;
    for (Map<String, Held> map : namespaces.values()) {
      keys += map.size();
    }
    return new BackendStats(keys, 0, 0, 0, 0, null);
  }

  @Override
  public void close() {
    namespaces.clear();
  }

  /** What is in a namespace; nothing is kept of one that has only been asked for. */
  private ConcurrentNavigableMap<String, Held> read(String namespace) {
    ConcurrentNavigableMap<String, Held> known = namespaces.get(namespace);
    return known == null ? new ConcurrentSkipListMap<>(KeyOrder.INSTANCE) : known;
  }

  private ConcurrentSkipListMap<String, Held> namespace(String namespace) {
    return namespaces.computeIfAbsent(
        namespace, name -> new ConcurrentSkipListMap<>(KeyOrder.INSTANCE));
  }
}
