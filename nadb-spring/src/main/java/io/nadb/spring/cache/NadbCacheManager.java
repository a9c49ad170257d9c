package io.nadb.spring.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.KeyValueStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.transaction.AbstractTransactionSupportingCacheManager;

/**
 * Spring's caches on a store, each in a namespace of its own: {@code cache:<name>}.
 *
 * <pre>{@code
 * NadbCacheManager.builder(store)
 *     .defaults(NadbCacheSettings.of(codec).withTtl(Duration.ofMinutes(10)))
 *     .cache("books", NadbCacheSettings.of(JacksonCodec.of(Book.class)))
 *     .build();
 * }</pre>
 *
 * <p>The store remains its owner's, who closes it after this manager. Thread-safe.
 *
 * @since 0.1.0
 */
public final class NadbCacheManager extends AbstractTransactionSupportingCacheManager
    implements AutoCloseable {
  private static final String NAMESPACE = "cache:";

  private final KeyValueStore store;
  private final Map<String, NadbCacheSettings> configured;
  private final @Nullable NadbCacheSettings defaults;

  @GuardedBy("this")
  private final Map<String, NadbCache> caches = new LinkedHashMap<>();

  private NadbCacheManager(Builder builder) {
    this.store = builder.store;
    this.configured = Map.copyOf(builder.caches);
    this.defaults = builder.defaults;
  }

  private static NadbCacheManager create(Builder builder) {
    NadbCacheManager manager = new NadbCacheManager(builder);
    manager.setTransactionAware(builder.transactionAware);
    manager.initializeCaches();
    return manager;
  }

  /** Begins a manager whose caches are in namespaces of a store's location. */
  public static Builder builder(KeyValueStore store) {
    return new Builder(store);
  }

  @Override
  protected Collection<? extends Cache> loadCaches() {
    List<Cache> loaded = new ArrayList<>();
    configured.forEach((name, settings) -> loaded.add(open(name, settings)));
    return loaded;
  }

  @Override
  protected @Nullable Cache getMissingCache(String name) {
    return defaults == null ? null : open(name, defaults);
  }

  /**
   * Returns a cache as what it is, also if {@link #getCache} returns it within one that waits for
   * transactions: for tags and statistics.
   *
   * @throws IllegalArgumentException if there is none of that name, nor defaults to make it by
   */
  public NadbCache cache(String name) {
    if (getCache(name) == null) {
      throw new IllegalArgumentException(
          "no cache '" + name + "'; there are " + getCacheNames() + ", and no defaults for others");
    }
    synchronized (this) {
      return Objects.requireNonNull(caches.get(name), name);
    }
  }

  private synchronized NadbCache open(String name, NadbCacheSettings settings) {
    return caches.computeIfAbsent(
        name, missing -> new NadbCache(missing, store.namespace(NAMESPACE + missing), settings));
  }

  /** Closes the handles on the namespaces; what is in them stays. A second call does nothing. */
  @Override
  public synchronized void close() {
    caches.values().forEach(cache -> cache.getNativeCache().close());
  }

  /**
   * Puts a manager together. Not thread-safe.
   *
   * @since 0.1.0
   */
  public static final class Builder {
    private final KeyValueStore store;
    private final Map<String, NadbCacheSettings> caches = new LinkedHashMap<>();
    private @Nullable NadbCacheSettings defaults;
    private boolean transactionAware;

    private Builder(KeyValueStore store) {
      this.store = Objects.requireNonNull(store, "store");
    }

    /**
     * Has caches made, when they are first asked for, that nothing else has been said of. Without
     * defaults there are no other caches than those given.
     */
    public Builder defaults(NadbCacheSettings settings) {
      defaults = Objects.requireNonNull(settings, "settings");
      return this;
    }

    /** Adds a cache. */
    public Builder cache(String name, NadbCacheSettings settings) {
      caches.put(
          Objects.requireNonNull(name, "name"), Objects.requireNonNull(settings, "settings"));
      return this;
    }

    /**
     * Has puts, evictions and clearing wait for the commit of Spring's transaction, if there is
     * one, and left out if it is rolled back.
     */
    public Builder transactionAware() {
      transactionAware = true;
      return this;
    }

    /** Opens the caches that were added. */
    public NadbCacheManager build() {
      return create(this);
    }
  }
}
