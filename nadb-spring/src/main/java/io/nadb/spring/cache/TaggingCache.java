package io.nadb.spring.cache;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/** A cache during one invocation of a method, which says what tags the value gets. */
final class TaggingCache implements Cache {
  private final Cache cache;
  private final Function<@Nullable Object, List<String>> tags;

  TaggingCache(Cache cache, Function<@Nullable Object, List<String>> tags) {
    this.cache = cache;
    this.tags = tags;
  }

  private Tagged tagged(@Nullable Object value) {
    return new Tagged(value, tags.apply(value));
  }

  @Override
  public String getName() {
    return cache.getName();
  }

  @Override
  public Object getNativeCache() {
    return cache.getNativeCache();
  }

  @Override
  public @Nullable ValueWrapper get(Object key) {
    return cache.get(key);
  }

  @Override
  public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
    return cache.get(key, type);
  }

  @Override
  @SuppressWarnings("unchecked") // The cache takes off the tags again.
  public <T> @Nullable T get(Object key, Callable<T> loader) {
    return (T) cache.get(key, () -> tagged(loader.call()));
  }

  @Override
  public @Nullable CompletableFuture<?> retrieve(Object key) {
    return cache.retrieve(key);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
    return (CompletableFuture<T>)
        cache.retrieve(key, () -> loader.get().<Object>thenApply(this::tagged));
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    cache.put(key, tagged(value));
  }

  @Override
  public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
    return cache.putIfAbsent(key, tagged(value));
  }

  @Override
  public void evict(Object key) {
    cache.evict(key);
  }

  @Override
  public boolean evictIfPresent(Object key) {
    return cache.evictIfPresent(key);
  }

  @Override
  public void clear() {
    cache.clear();
  }

  @Override
  public boolean invalidate() {
    return cache.invalidate();
  }
}
