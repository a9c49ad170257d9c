package io.nadb.spring.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives what a method puts into a cache tags, by which it can be evicted together: {@link
 * NadbCache#evictByTags}.
 *
 * <pre>{@code
 * @Cacheable("books")
 * @CacheTags({"'shelf ' + #shelf", "#result?.author"})
 * Book book(String shelf, String isbn) { … }
 * }</pre>
 *
 * <p>It stands beside {@code @Cacheable} or {@code @CachePut}, and its tags come to those that
 * {@link NadbCacheSettings#withTags} gives. A {@link TaggedCacheResolver} has to be the one that
 * finds the caches, as Spring Boot's auto-configuration sees to. Caches that are not of NADB know
 * no tags.
 *
 * @since 0.1.0
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface CacheTags {

  /**
   * Expressions in SpEL, each for a tag, a collection or an array of tags, or null for none. They
   * know what those of {@code @CachePut} know: the arguments by their names or as {@code #a0} and
   * {@code #p0}, {@code #root}, beans as {@code @name}, and {@code #result}: what is cached, null
   * if that is null, and what is in it if it is an {@code Optional} or a {@code CompletableFuture}.
   */
  String[] value();
}
