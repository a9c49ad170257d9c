package io.nadb.spring.cache;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.codec.Codec;
import io.nadb.codec.CodecException;
import io.nadb.codec.TypedStore;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.NullValue;

/**
 * The entries of a cache in its namespace. One that can't be read any more, since its class or the
 * codec has changed, is dropped: a cache can load it anew.
 */
final class CacheEntries {
  private static final System.Logger LOG = System.getLogger(CacheEntries.class.getName());

  private final String cache;
  private final KeyValueStore store;
  private final NadbCacheSettings settings;
  private final Counters counters;
  private final TypedStore<Object> values;
  private final TypedStore<Object> nulls;

  CacheEntries(String cache, KeyValueStore store, NadbCacheSettings settings, Counters counters) {
    this.cache = cache;
    this.store = store;
    this.settings = settings;
    this.counters = counters;
    this.values = TypedStore.of(store, ofAny(settings.codec())).alsoReading(NullCodec.INSTANCE);
    this.nulls = TypedStore.of(store, NullCodec.INSTANCE);
  }

  /** Spring's caches have objects; what a codec can't write, it refuses itself. */
  @SuppressWarnings("unchecked")
  private static Codec<Object> ofAny(Codec<?> codec) {
    return (Codec<Object>) codec;
  }

  /** Returns the stored value, or null if there is none. */
  @Nullable Object find(Object key) {
    String converted = convert(key);
    try {
      return values.get(converted).orElse(null);
    } catch (CodecException e) {
      return drop(converted, e);
    }
  }

  void put(Object key, Object value, List<String> tags) {
    SetOptions options = options(key, value, tags);
    try {
      writer(value).set(convert(key), value, options);
    } catch (CodecException e) {
      throw unwritable(e);
    }
  }

  boolean putIfAbsent(Object key, Object value, List<String> tags) {
    SetOptions options = options(key, value, tags);
    try {
      return writer(value).setIfAbsent(convert(key), value, options);
    } catch (CodecException e) {
      throw unwritable(e);
    }
  }

  private IllegalArgumentException unwritable(CodecException e) {
    return new IllegalArgumentException(
        "cache '"
            + cache
            + "': "
            + e.getMessage()
            + "; give the cache a codec for it by NadbCacheSettings.of, or make it what "
            + settings.codec()
            + " can write",
        e);
  }

  boolean remove(Object key) {
    return store.delete(convert(key));
  }

  /** Removes the entries that have all the tags; returns how many. */
  int removeByTags(String... tags) {
    int removed = 0;
    for (EntryMetadata entry : store.queryByTags(tags)) {
      if (store.delete(entry.key())) {
        removed++;
      }
    }
    return removed;
  }

  KeyValueStore store() {
    return store;
  }

  /** The key as the store has it. */
  String convert(Object key) {
    try {
      return settings.keys().convert(key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("cache '" + cache + "': " + e.getMessage(), e);
    }
  }

  private TypedStore<Object> writer(Object value) {
    return value == NullValue.INSTANCE ? nulls : values;
  }

  private SetOptions options(Object key, Object stored, List<String> tags) {
    Object value = stored == NullValue.INSTANCE ? null : stored;
    Set<String> all = new LinkedHashSet<>(settings.tags(key, value));
    all.addAll(tags);
    SetOptions options = SetOptions.tags(all.toArray(String[]::new));
    Duration ttl = settings.ttl(key, value);
    return ttl.isZero() ? options : options.withTtl(ttl);
  }

  /** Drops what is there, unless somebody has written meanwhile what can be read. */
  private @Nullable Object drop(String key, CodecException unreadable) {
    Optional<byte[]> found = store.get(key);
    if (found.isPresent()) {
      try {
        Optional<Object> value = values.get(key);
        if (value.isPresent()) {
          return value.get();
        }
      } catch (CodecException e) {
        store.delete(key, found.get());
      }
    }
    if (counters.unreadable()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "cache '"
              + cache
              + "' has dropped an entry that it can't read, and will drop all others like it: "
              + unreadable.getMessage(),
          unreadable);
    }
    return null;
  }
}
