package io.nadb.jcache;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a caller is told when the disk fails. */
class FailingDiskTest {
  private final Managers managers = new Managers();

  @NadbStore private NadbHarness harness;

  @AfterEach
  void close() {
    managers.close();
  }

  /** Whatever writes, be it only a time. */
  static Set<Map.Entry<String, Consumer<Cache<String, Integer>>>> writes() {
    return Map.<String, Consumer<Cache<String, Integer>>>of(
            "put", cache -> cache.put("k", 2),
            "putAll", cache -> cache.putAll(Map.of("k", 2)),
            "get", cache -> cache.get("k"),
            "compare", cache -> cache.replace("k", 7, 2),
            "remove", cache -> cache.remove("k"),
            "removeAll", Cache::removeAll,
            "clear", Cache::clear,
            "invoke", cache -> cache.invoke("k", (entry, arguments) -> entry.getValue()))
        .entrySet();
  }

  @ParameterizedTest
  @MethodSource("writes")
  void aFailureIsACacheExceptionThatNamesTheCache(
      Map.Entry<String, Consumer<Cache<String, Integer>>> write) {
    Cache<String, Integer> cache =
        managers
            .open(harness.testUrl("nadb:fs:./cache?durability=synced"))
            .createCache(
                "c",
                new MutableConfiguration<String, Integer>()
                    .setExpiryPolicyFactory(
                        AccessedExpiryPolicy.factoryOf(new Duration(SECONDS, 10))));
    cache.put("k", 1);
    harness.faults().on(Operation.SYNC).fail(new IOException("broken"));

    assertThatThrownBy(() -> write.getValue().accept(cache))
        .isInstanceOf(CacheException.class)
        .hasMessageStartingWith("cache 'c': ")
        .hasMessageContaining("broken")
        .hasCauseInstanceOf(NadbException.class);
    cache.unwrap(KeyValueStore.class).flush();
    cache.put("after", 3);
    assertThat(cache.get("after")).isEqualTo(3);
  }
}
