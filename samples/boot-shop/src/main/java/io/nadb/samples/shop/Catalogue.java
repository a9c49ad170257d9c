package io.nadb.samples.shop;

import io.nadb.spring.cache.CacheTags;
import io.nadb.spring.cache.NadbCacheManager;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Component;

/**
 * What there is to buy, asked of a supplier who takes long to answer, and so cached: each product
 * by itself, with its category as a tag, by which all of a category are forgotten together.
 */
@Component
class Catalogue {
  private static final Map<String, Product> SUPPLIER =
      new TreeMap<>(
          Map.of(
              "apple", new Product("apple", "Apple", "fruit", 60),
              "pear", new Product("pear", "Pear", "fruit", 80),
              "leek", new Product("leek", "Leek", "vegetables", 120)));

  private final NadbCacheManager caches;
  private final AtomicInteger questions = new AtomicInteger();

  Catalogue(NadbCacheManager caches) {
    this.caches = caches;
  }

  List<String> ids() {
    return List.copyOf(SUPPLIER.keySet());
  }

  @Cacheable(cacheNames = "products", sync = true)
  @CacheTags("'category ' + #result.category")
  public Product product(String id) {
    questions.incrementAndGet();
    Product found = SUPPLIER.get(id);
    if (found == null) {
      throw new IllegalArgumentException("there is no product " + id);
    }
    return found;
  }

  /** The prices of a category have changed; returns how many products are to be asked for anew. */
  int forget(String category) {
    return caches.cache("products").evictByTags("category " + category);
  }

  /** How often the supplier was asked. */
  int questions() {
    return questions.get();
  }
}
