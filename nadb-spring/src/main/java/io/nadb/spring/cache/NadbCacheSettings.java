package io.nadb.spring.cache;

import io.nadb.codec.Codec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of a cache are made of: codec, TTL, tags, keys, whether null is a value, and how
 * loads are shared.
 *
 * <p>Immutable. The functions are called with key and value as Spring has them, the value null if
 * null is cached, before each write, by any thread.
 *
 * @since 0.1.0
 */
public final class NadbCacheSettings {
  private static final Duration LOAD_LEASE = Duration.ofSeconds(30);

  private final Codec<?> codec;
  private final BiFunction<Object, @Nullable Object, Duration> ttl;
  private final BiFunction<Object, @Nullable Object, ? extends Collection<String>> tags;
  private final CacheKeys keys;
  private final boolean nullValues;
  private final Duration loadLease;

  private NadbCacheSettings(
      Codec<?> codec,
      BiFunction<Object, @Nullable Object, Duration> ttl,
      BiFunction<Object, @Nullable Object, ? extends Collection<String>> tags,
      CacheKeys keys,
      boolean nullValues,
      Duration loadLease) {
    this.codec = codec;
    this.ttl = ttl;
    this.tags = tags;
    this.keys = keys;
    this.nullValues = nullValues;
    this.loadLease = loadLease;
  }

  /**
   * Settings with a codec for the values: of one class, or of all that a cache may have. Entries do
   * not expire and have no tags; null is a value.
   */
  public static NadbCacheSettings of(Codec<?> codec) {
    return new NadbCacheSettings(
        Objects.requireNonNull(codec, "codec"),
        (key, value) -> Duration.ZERO,
        (key, value) -> List.of(),
        CacheKeys.typed(),
        true,
        LOAD_LEASE);
  }

  /** These settings, with one TTL for all entries; zero: they do not expire. */
  public NadbCacheSettings withTtl(Duration ttl) {
    requireTtl(ttl);
    return withTtl((key, value) -> ttl);
  }

  /** These settings, with a TTL for each entry; zero: it does not expire. */
  public NadbCacheSettings withTtl(BiFunction<Object, @Nullable Object, Duration> ttl) {
    return new NadbCacheSettings(
        codec, Objects.requireNonNull(ttl, "ttl"), tags, keys, nullValues, loadLease);
  }

  /** These settings, with tags for each entry, by which it can be evicted. */
  public NadbCacheSettings withTags(
      BiFunction<Object, @Nullable Object, ? extends Collection<String>> tags) {
    return new NadbCacheSettings(
        codec, ttl, Objects.requireNonNull(tags, "tags"), keys, nullValues, loadLease);
  }

  /** These settings, with another way from Spring's keys to the store's. */
  public NadbCacheSettings withKeys(CacheKeys keys) {
    return new NadbCacheSettings(
        codec, ttl, tags, Objects.requireNonNull(keys, "keys"), nullValues, loadLease);
  }

  /** These settings, but null is no value: to put it is an error. */
  public NadbCacheSettings withoutNullValues() {
    return new NadbCacheSettings(codec, ttl, tags, keys, false, loadLease);
  }

  /**
   * These settings, with another time after which a load ({@code sync = true}) of another JVM on
   * the same server is taken for dead, and its key loaded here: a load that takes longer may be
   * done twice. 30 seconds if nothing is said; zero: each JVM loads by itself.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public NadbCacheSettings withLoadLease(Duration lease) {
    if (lease.isNegative()) {
      throw new IllegalArgumentException(
          "load lease " + lease + " of a cache is negative; zero is for loading without one");
    }
    return new NadbCacheSettings(codec, ttl, tags, keys, nullValues, lease);
  }

  Codec<?> codec() {
    return codec;
  }

  Duration ttl(Object key, @Nullable Object value) {
    return requireTtl(ttl.apply(key, value));
  }

  Collection<String> tags(Object key, @Nullable Object value) {
    return List.copyOf(tags.apply(key, value));
  }

  CacheKeys keys() {
    return keys;
  }

  boolean nullValues() {
    return nullValues;
  }

  Duration loadLease() {
    return loadLease;
  }

  private static Duration requireTtl(Duration ttl) {
    if (Objects.requireNonNull(ttl, "ttl").isNegative()) {
      throw new IllegalArgumentException(
          "ttl " + ttl + " of a cache is negative; zero is for entries that do not expire");
    }
    return ttl;
  }
}
