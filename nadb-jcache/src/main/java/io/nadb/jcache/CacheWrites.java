package io.nadb.jcache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/** How a cache writes: through its writer, and then to its region. */
final class CacheWrites<K, V> {

  /** What a conditional write has found, and done. */
  private enum Result {
    ABSENT,
    OTHER,
    DONE
  }

  private final Region<K, V> region;
  private final WriteThrough<K, V> writer;
  private final CacheStatistics statistics;

  CacheWrites(Region<K, V> region, WriteThrough<K, V> writer, CacheStatistics statistics) {
    this.region = region;
    this.writer = writer;
    this.statistics = statistics;
  }

  void put(K key, V value) {
    long start = statistics.start();
    boolean stored;
    if (region.isPlain() && !writer.isPresent()) {
      region.set(key, region.values().encode(value));
      stored = true;
    } else {
      byte[] bytes = region.values().encode(value);
      stored = region.change(key, slot -> written(slot, value, bytes));
    }
    statistics.put(stored ? 1 : 0, start);
  }

  private boolean written(Slot<K, V> slot, V value, byte[] bytes) {
    writer.write(slot.key(), value);
    return slot.write(bytes);
  }

  /** The writer gets all at once, and what it has not written is not put in. */
  void putAll(Map<? extends K, ? extends V> map) {
    long start = statistics.start();
    Collection<Cache.Entry<? extends K, ? extends V>> entries = new ArrayList<>(map.size());
    map.forEach((key, value) -> entries.add(new NadbEntry<>(key, value)));
    List<Cache.Entry<? extends K, ? extends V>> all = List.copyOf(entries);
    CacheWriterException failure = null;
    try {
      writer.writeAll(entries);
      entries.clear();
    } catch (CacheWriterException e) {
      failure = e;
    }
    Set<Object> unwritten = new HashSet<>();
    if (failure != null) {
      entries.forEach(entry -> unwritten.add(entry.getKey()));
    }
    int stored = 0;
    for (Cache.Entry<? extends K, ? extends V> entry : all) {
      if (!unwritten.contains(entry.getKey()) && store(entry.getKey(), entry.getValue())) {
        stored++;
      }
    }
    statistics.put(stored, start);
    if (failure != null) {
      throw failure;
    }
  }

  /** Puts in what the writer has written. */
  private boolean store(K key, V value) {
    byte[] bytes = region.values().encode(value);
    if (region.isPlain()) {
      region.set(key, bytes);
      return true;
    }
    return region.change(key, slot -> slot.write(bytes));
  }

  @Nullable V getAndPut(K key, V value) {
    long start = statistics.start();
    byte[] bytes = region.values().encode(value);
    Before<V> before =
        region.change(
            key,
            slot -> {
              V old = slot.value();
              return new Before<>(old, written(slot, value, bytes));
            });
    statistics.looked(before.value != null, start);
    statistics.put(before.changed ? 1 : 0, start);
    return before.value;
  }

  boolean putIfAbsent(K key, V value) {
    long start = statistics.start();
    byte[] bytes = region.values().encode(value);
    Before<V> before =
        region.change(
            key,
            slot -> {
              boolean existed = slot.exists();
              return new Before<>(null, existed, !existed && written(slot, value, bytes));
            });
    statistics.looked(before.existed, start);
    statistics.put(before.changed ? 1 : 0, start);
    return before.changed;
  }

  boolean replace(K key, V value) {
    long start = statistics.start();
    byte[] bytes = region.values().encode(value);
    Before<V> before =
        region.change(
            key,
            slot -> {
              boolean existed = slot.exists();
              return new Before<>(null, existed, existed && written(slot, value, bytes));
            });
    statistics.looked(before.existed, start);
    statistics.put(before.changed ? 1 : 0, start);
    return before.existed;
  }

  @Nullable V getAndReplace(K key, V value) {
    long start = statistics.start();
    byte[] bytes = region.values().encode(value);
    Before<V> before =
        region.change(
            key,
            slot -> {
              V old = slot.value();
              return new Before<>(old, old != null && written(slot, value, bytes));
            });
    statistics.looked(before.value != null, start);
    statistics.put(before.changed ? 1 : 0, start);
    return before.value;
  }

  boolean replace(K key, V expected, V value) {
    long start = statistics.start();
    byte[] bytes = region.values().encode(value);
    Result result =
        region.change(
            key,
            slot -> {
              Result found = compare(slot, expected);
              if (found == Result.DONE) {
                written(slot, value, bytes);
              }
              return found;
            });
    statistics.looked(result != Result.ABSENT, start);
    statistics.put(result == Result.DONE ? 1 : 0, start);
    return result == Result.DONE;
  }

  /** Another value that is there counts as read. */
  private Result compare(Slot<K, V> slot, V expected) {
    V there = slot.value();
    if (there == null) {
      return Result.ABSENT;
    }
    if (!there.equals(expected)) {
      slot.access();
      return Result.OTHER;
    }
    return Result.DONE;
  }

  boolean remove(K key) {
    long start = statistics.start();
    boolean removed =
        region.change(
            key,
            slot -> {
              writer.delete(key);
              return slot.remove();
            });
    statistics.removed(removed ? 1 : 0, start);
    return removed;
  }

  boolean remove(K key, V expected) {
    long start = statistics.start();
    Result result =
        region.change(
            key,
            slot -> {
              Result found = compare(slot, expected);
              if (found == Result.DONE) {
                writer.delete(key);
                slot.remove();
              }
              return found;
            });
    statistics.looked(result != Result.ABSENT, start);
    statistics.removed(result == Result.DONE ? 1 : 0, start);
    return result == Result.DONE;
  }

  @Nullable V getAndRemove(K key) {
    long start = statistics.start();
    Before<V> before =
        region.change(
            key,
            slot -> {
              V old = slot.value();
              writer.delete(key);
              return new Before<>(old, slot.remove());
            });
    statistics.looked(before.value != null, start);
    statistics.removed(before.changed ? 1 : 0, start);
    return before.value;
  }

  /** The writer gets all at once, and what it has not deleted is not removed. */
  void removeAll(Set<? extends K> keys) {
    long start = statistics.start();
    Set<K> undeleted = new HashSet<>(keys);
    CacheWriterException failure = null;
    if (writer.isPresent() && !keys.isEmpty()) {
      try {
        writer.deleteAll(undeleted);
        undeleted.clear();
      } catch (CacheWriterException e) {
        failure = e;
      }
    } else {
      undeleted.clear();
    }
    int removed = 0;
    for (K key : keys) {
      if (!undeleted.contains(key) && region.change(key, Slot::remove)) {
        removed++;
      }
    }
    statistics.removed(removed, start);
    if (failure != null) {
      throw failure;
    }
  }

  /** Removes what is there at one moment. */
  void removeAll() {
    Set<K> keys = new HashSet<>();
    for (String name : region.guarded(() -> region.store().keys(""))) {
      keys.add(region.keys().decode(name));
    }
    removeAll(keys);
  }

  /** What a change has found, and whether it has changed it. */
  private record Before<V>(@Nullable V value, boolean existed, boolean changed) {
    Before(@Nullable V value, boolean changed) {
      this(value, value != null, changed);
    }
  }
}
