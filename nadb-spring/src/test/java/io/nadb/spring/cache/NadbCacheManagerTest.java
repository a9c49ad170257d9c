package io.nadb.spring.cache;

import static io.nadb.spring.cache.Hits.cacheOf;
import static io.nadb.spring.cache.Hits.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.codec.Codec;
import io.nadb.junit.NadbStore;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

class NadbCacheManagerTest {
  private static final NadbCacheSettings TEXT = NadbCacheSettings.of(Codec.strings());

  @NadbStore private KeyValueStore store;

  @Test
  void eachCacheHasANamespaceOfItsOwn() {
    try (NadbCacheManager manager =
            NadbCacheManager.builder(store).cache("a", TEXT).cache("b", TEXT).build();
        KeyValueStore namespace = store.namespace("cache:a")) {
      cacheOf(manager, "a").put("k", "a");
      cacheOf(manager, "b").put("k", "b");
      store.set("k", new byte[0]);
      assertThat(namespace.keys("")).containsExactly("k");

      cacheOf(manager, "a").clear();

      assertThat(cacheOf(manager, "a").get("k")).isNull();
      assertThat(value(cacheOf(manager, "b").get("k"))).isEqualTo("b");
      assertThat(store.contains("k")).isTrue();
    }
  }

  @Test
  void onlyCachesThatWereNamedExistUnlessThereAreDefaults() {
    try (NadbCacheManager named = NadbCacheManager.builder(store).cache("a", TEXT).build();
        NadbCacheManager open =
            NadbCacheManager.builder(store).cache("a", TEXT).defaults(TEXT).build()) {
      assertThat(named.getCacheNames()).containsExactly("a");
      assertThat(named.getCache("b")).isNull();
      assertThatThrownBy(() -> named.cache("b"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'b'", "[a]");

      assertThat(open.getCache("b")).isNotNull().isSameAs(open.getCache("b"));
      assertThat(open.cache("b")).isSameAs(open.getCache("b"));
      assertThat(open.getCacheNames()).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void initializingTwiceAsSpringDoesKeepsTheCaches() {
    try (NadbCacheManager manager = NadbCacheManager.builder(store).cache("a", TEXT).build()) {
      Cache before = cacheOf(manager, "a");
      manager.afterPropertiesSet();
      assertThat(cacheOf(manager, "a")).isSameAs(before);
    }
  }

  @Test
  void closingEndsTheHandlesAndLeavesTheStoreOpen() {
    NadbCacheManager manager = NadbCacheManager.builder(store).cache("a", TEXT).build();
    Cache cache = cacheOf(manager, "a");
    cache.put("k", "v");
    manager.close();
    manager.close();

    assertThatThrownBy(() -> cache.get("k")).isInstanceOf(IllegalStateException.class);
    assertThat(store.size()).isZero();
  }

  @Test
  void aContextThatHasItAsABeanClosesIt() {
    NadbCacheManager manager = NadbCacheManager.builder(store).cache("a", TEXT).build();
    try (GenericApplicationContext context = new GenericApplicationContext()) {
      context.registerBean(NadbCacheManager.class, () -> manager);
      context.refresh();
      assertThat(cacheOf(manager, "a").get("k")).isNull();
    }

    assertThatThrownBy(() -> cacheOf(manager, "a").get("k"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void putsAndEvictionsWaitForTheCommit() {
    try (NadbCacheManager manager =
        NadbCacheManager.builder(store).cache("a", TEXT).transactionAware().build()) {
      Cache cache = cacheOf(manager, "a");
      cache.put("old", "v");
      TransactionSynchronizationManager.initSynchronization();
      try {
        cache.put("new", "v");
        cache.evict("old");
        assertThat(manager.cache("a").getNativeCache().keys("")).containsExactly("old");
        TransactionSynchronizationUtils.triggerAfterCommit();
      } finally {
        TransactionSynchronizationManager.clearSynchronization();
      }
      assertThat(manager.cache("a").getNativeCache().keys("")).containsExactly("new");
    }
  }
}
