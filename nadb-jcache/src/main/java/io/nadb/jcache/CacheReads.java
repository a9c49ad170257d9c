package io.nadb.jcache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.CacheException;
import javax.cache.integration.CompletionListener;
import org.jspecify.annotations.Nullable;

/** How a cache reads: from its region, and through its loader. */
final class CacheReads<K, V> {
  private final Region<K, V> region;
  private final ReadThrough<K, V> loader;
  private final CacheStatistics statistics;

  CacheReads(Region<K, V> region, ReadThrough<K, V> loader, CacheStatistics statistics) {
    this.region = region;
    this.loader = loader;
    this.statistics = statistics;
  }

  @Nullable V get(K key) {
    long start = statistics.start();
    V value = region.read(key);
    boolean found = value != null;
    if (!found && loader.onRead()) {
      value = load(key);
    }
    statistics.looked(found, start);
    return value;
  }

  /** Loads one value, unless somebody else has come first; once for a key at a time. */
  private @Nullable V load(K key) {
    return region.change(
        key,
        slot -> {
          if (slot.exists()) {
            return slot.value();
          }
          V loaded = loader.load(key);
          if (loaded != null) {
            slot.write(region.values().encode(loaded));
          }
          return loaded;
        });
  }

  Map<K, V> getAll(Set<? extends K> keys) {
    long start = statistics.start();
    Map<K, V> found = new HashMap<>();
    List<K> missing = new ArrayList<>();
    for (K key : keys) {
      V value = region.read(key);
      if (value != null) {
        found.put(key, value);
      } else {
        missing.add(key);
      }
    }
    int hits = found.size();
    if (loader.onRead() && !missing.isEmpty()) {
      loader.loadAll(missing).forEach((key, loaded) -> keep(found, key, loaded));
    }
    statistics.looked(hits, missing.size(), start);
    return found;
  }

  private void keep(Map<K, V> found, K key, @Nullable V loaded) {
    if (loaded != null) {
      found.put(key, settle(key, loaded, false));
    }
  }

  /** Puts in what was loaded, and returns what is there then. */
  private V settle(K key, V loaded, boolean replaces) {
    byte[] bytes = region.values().encode(loaded);
    return region.change(
        key,
        slot -> {
          V there = replaces ? null : slot.value();
          if (there != null) {
            return there;
          }
          slot.write(bytes);
          return loaded;
        });
  }

  /** Loads keys and tells a listener of the end, whatever it is. */
  void loadAll(Set<? extends K> keys, boolean replaces, @Nullable CompletionListener listener) {
    try {
      if (loader.isPresent()) {
        List<K> wanted = new ArrayList<>();
        for (K key : keys) {
          if (replaces || !region.contains(key)) {
            wanted.add(key);
          }
        }
        if (!wanted.isEmpty()) {
          loader.loadAll(wanted).forEach((key, loaded) -> settleIfAny(key, loaded, replaces));
        }
      }
    } catch (RuntimeException e) {
      if (listener != null) {
        listener.onException(
            e instanceof CacheException ? e : new CacheException("the load failed: " + e, e));
      }
      return;
    }
    if (listener != null) {
      listener.onCompletion();
    }
  }

  private void settleIfAny(K key, @Nullable V loaded, boolean replaces) {
    if (loaded != null) {
      settle(key, loaded, replaces);
    }
  }
}
