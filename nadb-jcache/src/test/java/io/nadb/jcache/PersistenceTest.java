package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Crash;
import io.nadb.testkit.NadbHarness;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a cache holds outlives it. */
class PersistenceTest {
  private final Managers managers = new Managers();

  @NadbStore private NadbHarness harness;

  @AfterEach
  void close() {
    managers.close();
  }

  private CacheManager open() {
    return managers.open(harness.testUrl("nadb:fs:./cache?flush=off"));
  }

  @Test
  void aCacheThatIsClosedAndCreatedAgainHasItsEntries() {
    Cache<Object, Object> cache = Managers.plain(open(), "c");
    cache.put("k", 1);
    cache.close();
    assertThat(Managers.plain(open(), "c").get("k")).isEqualTo(1);

    managers.close();
    assertThat(Managers.plain(open(), "c").get("k")).isEqualTo(1);
  }

  @Test
  void aCacheThatIsDestroyedLeavesNothing() {
    Managers.plain(open(), "c").put("k", 1);
    Managers.plain(open(), "other").put("k", 2);
    open().destroyCache("c");
    assertThat(Managers.plain(open(), "c")).isEmpty();
    assertThat(open().getCache("other").get("k")).isEqualTo(2);
  }

  @Test
  void memoryForgetsWithItsLastManager() {
    CacheManager one = managers.open("nadb:mem:PersistenceTest");
    CacheManager two = managers.openAnother("nadb:mem:PersistenceTest");
    Managers.plain(one, "c").put("k", 1);
    one.close();
    assertThat(Managers.plain(two, "c").get("k")).isEqualTo(1);

    two.close();
    assertThat(Managers.plain(managers.open("nadb:mem:PersistenceTest"), "c")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Crash.class)
  void afterACrashAllCachesEqualOneFlushBoundary(Crash crash) {
    CacheManager manager = open();
    Cache<Object, Object> a = Managers.plain(manager, "a");
    Cache<Object, Object> b = Managers.plain(manager, "b");
    a.put("k", 1);
    b.put("k", 1);
    manager.unwrap(KeyValueStore.class).flush();
    a.put("k", 2);
    a.remove("gone");
    b.put("l", 2);
    harness.crash(crash);
    managers.close();
    harness.restart();

    manager = open();
    assertThat(Managers.plain(manager, "a").get("k")).isEqualTo(1);
    b = Managers.plain(manager, "b");
    assertThat(b.get("k")).isEqualTo(1);
    assertThat(b.containsKey("l")).isFalse();
  }
}
