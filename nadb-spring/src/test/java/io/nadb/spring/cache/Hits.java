package io.nadb.spring.cache;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.CacheManager;

/** What has to be there. */
final class Hits {

  private Hits() {}

  static @Nullable Object value(@Nullable ValueWrapper hit) {
    return Objects.requireNonNull(hit, "hit").get();
  }

  static Object retrieved(@Nullable CompletableFuture<?> hit) throws Exception {
    return Objects.requireNonNull(hit, "hit").get();
  }

  static Cache cacheOf(CacheManager manager, String name) {
    return Objects.requireNonNull(manager.getCache(name), name);
  }
}
