package io.nadb.jcache;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.junit.jupiter.api.Test;

/** Two processes, as it were, that share a cache on Redis. */
class SharedCacheIT {

  private static Cache<String, Integer> cache(Managers managers, NadbHarness process, String url) {
    return managers
        .open(process.testUrl(url))
        .createCache(
            "c",
            new MutableConfiguration<String, Integer>()
                .setExpiryPolicyFactory(TouchedExpiryPolicy.factoryOf(new Duration(SECONDS, 100))));
  }

  @Test
  void whatOneDoesTheOtherSeesAndNoCountIsLost() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (RedisServer redis = RedisServer.start();
        NadbHarness here = NadbHarness.create();
        NadbHarness there = here.fresh();
        Managers managers = new Managers()) {
      String url = "nadb:redis://" + redis.host() + ":" + redis.port();
      Heard<String, Integer> heard = new Heard<>();
      Cache<String, Integer> one = cache(managers, here, url);
      Cache<String, Integer> other = cache(managers, there, url);
      one.registerCacheEntryListener(Managers.listening(heard, true));
      one.put("k", 1);
      assertThat(other.get("k")).isEqualTo(1);
      assertThat(other.replace("k", 1, 2)).isTrue();
      assertThat(one.putIfAbsent("k", 3)).isFalse();
      assertThat(one.getAndRemove("k")).isEqualTo(2);
      assertThat(other).isEmpty();
      assertThat(heard.events()).containsExactly("CREATED k: null -> 1", "REMOVED k: 2 -> 2");

      List<Callable<Void>> tasks = new ArrayList<>();
      for (Cache<String, Integer> cache : List.of(one, other)) {
        tasks.add(
            () -> {
              for (int i = 0; i < 100; i++) {
                cache.invoke(
                    "n",
                    (entry, arguments) -> {
                      entry.setValue((entry.exists() ? entry.getValue() : 0) + 1);
                      return null;
                    });
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
      assertThat(one.get("n")).isEqualTo(200);

      one.getCacheManager().destroyCache("c");
      assertThat(other).isEmpty();
    } finally {
      threads.shutdownNow();
    }
  }
}
