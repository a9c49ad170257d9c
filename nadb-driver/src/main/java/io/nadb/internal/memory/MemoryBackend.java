package io.nadb.internal.memory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.KeyOrder;
import io.nadb.spi.BackendStats;
import io.nadb.spi.BackendView;
import io.nadb.spi.Cut;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
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

  private final List<MemoryView> views = new CopyOnWriteArrayList<>();

  @GuardedBy("this")
  private long earliestExpiry = Write.NEVER;

  /** How many writes there were with a TTL. */
  @GuardedBy("this")
  private long expiryWrites;

  /** Creates an empty backend. */
  public MemoryBackend() {}

  /** An entry and its value, which is never written to. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Held(StoredEntry entry, byte[] value) {

    /** The value, as an array of the caller's own; null if it has expired. */
    byte @Nullable [] value(LongSupplier now) {
      boolean gone = entry.expiresAt() != Write.NEVER && entry.isGoneAt(now.getAsLong());
      return gone ? null : value.clone();
    }
  }

  @Override
  public OptionalLong recoveredSequence() {
    return OptionalLong.empty();
  }

  @Override
  public boolean takesTouches() {
    return true;
  }

  @Override
  public boolean isInMemory() {
    return true;
  }

  @Override
  public void apply(Cut cut, boolean sync) {
    cut.forEach(
        (namespace, key, write) -> {
          Map<String, Held> map = namespace(namespace);
          Held old = map.get(key);
          if (old != null) {
            views.forEach(view -> view.keep(namespace, key, old)); // Before it can be missed.
          }
          if (write.isDelete()) {
            map.remove(key);
          } else {
            map.put(key, held(key, write, old));
            noteExpiry(write.expiresAt());
          }
        });
  }

  private static Held held(String key, Write write, @Nullable Held old) {
    byte[] value = write.hasValue() || old == null ? write.value() : old.value;
    long created = write.created();
    if (old != null && write.inheritsCreated() && !old.entry.isGoneAt(created)) {
      created = old.entry.created();
    }
    return new Held(
        new StoredEntry(
            key,
            write.sequence(),
            value.length,
            created,
            write.updated(),
            write.expiresAt(),
            write.tags()),
        value);
  }

  @Override
  public void sync() {}

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now) {
    Held held = read(namespace).get(key);
    return held == null ? null : held.value(now);
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) {
    Held held = read(namespace).get(key);
    return held == null ? null : held.entry;
  }

  @Override
  public @Nullable StoredValue read(String namespace, String key) {
    Held held = read(namespace).get(key);
    return held == null ? null : new StoredValue(held.entry, held.value.clone());
  }

  @Override
  public BackendView view(long sequence) {
    MemoryView view = new MemoryView(this, sequence);
    views.add(view);
    return view;
  }

  /** Tells a view of nothing any more. */
  void release(MemoryView view) {
    views.remove(view);
  }

  /** How many views are open. */
  int views() {
    return views.size();
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
  public Set<String> namespaces() {
    return Set.copyOf(namespaces.keySet());
  }

  @Override
  public long maintain(Load load) {
    return Long.MAX_VALUE;
  }

  @Override
  public BackendStats stats() {
    long keys = 0;
    for (Map<String, Held> map : namespaces.values()) {
      keys += map.size();
    }
    return BackendStats.builder().keys(keys).build();
  }

  @Override
  public void close() {
    namespaces.clear();
  }

  /** What is in a namespace; nothing is kept of one that has only been asked for. */
  ConcurrentNavigableMap<String, Held> read(String namespace) {
    ConcurrentNavigableMap<String, Held> known = namespaces.get(namespace);
    return known == null ? new ConcurrentSkipListMap<>(KeyOrder.INSTANCE) : known;
  }

  private ConcurrentSkipListMap<String, Held> namespace(String namespace) {
    return namespaces.computeIfAbsent(
        namespace, name -> new ConcurrentSkipListMap<>(KeyOrder.INSTANCE));
  }
}
