package io.nadb.spring.cache;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Finds the caches of an invocation as another resolver does, and has what is put into them tagged
 * as {@link CacheTags} says on the method.
 *
 * <p>Without Spring Boot, it is made known by {@code CachingConfigurer.cacheResolver()}. An
 * annotation that names a {@code cacheManager} or a {@code cacheResolver} of its own goes past it;
 * such a one names a bean of this type as its {@code cacheResolver}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class TaggedCacheResolver implements CacheResolver, BeanFactoryAware {
  private final CacheResolver resolver;
  private final TagExpressions expressions = new TagExpressions();

  /** Creates one that finds caches by the names in annotations. */
  public TaggedCacheResolver(CacheManager manager) {
    this(new SimpleCacheResolver(Objects.requireNonNull(manager, "manager")));
  }

  /** Creates one that finds caches as another one does. */
  public TaggedCacheResolver(CacheResolver resolver) {
    this.resolver = Objects.requireNonNull(resolver, "resolver");
  }

  @Override
  public void setBeanFactory(BeanFactory beans) {
    expressions.use(beans);
  }

  @Override
  public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> invocation) {
    Collection<? extends Cache> caches = resolver.resolveCaches(invocation);
    CacheTags tags = tagsOf(invocation);
    return tags == null
        ? caches
        : caches.stream()
            .map(
                cache ->
                    knowsTags(cache)
                        ? new TaggingCache(
                            cache, value -> expressions.evaluate(tags, invocation, caches, value))
                        : cache)
            .toList();
  }

  private static @Nullable CacheTags tagsOf(CacheOperationInvocationContext<?> invocation) {
    if (invocation.getOperation() instanceof CacheEvictOperation) {
      return null;
    }
    Method method = TagExpressions.specific(invocation);
    return AnnotatedElementUtils.findMergedAnnotation(method, CacheTags.class);
  }

  private static boolean knowsTags(Cache cache) {
    return cache instanceof NadbCache
        || (cache instanceof TransactionAwareCacheDecorator waiting
            && knowsTags(waiting.getTargetCache()));
  }
}
