package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What looks and changes is one step, against whoever else uses the namespace. */
class AtomicityTest {
  private static final String URL = "nadb:mem:AtomicityTest";
  private static final EntryProcessor<String, Integer, Integer> ADD_ONE =
      (entry, arguments) -> {
        int sum = (entry.exists() ? entry.getValue() : 0) + 1;
        entry.setValue(sum);
        return sum;
      };

  private final Managers managers = new Managers();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  @AfterEach
  void close() {
    threads.shutdownNow();
    managers.close();
  }

  private static Cache<String, Integer> counters(CacheManager manager) {
    return Managers.plain(manager, "counters");
  }

  private void inFourThreads(List<Callable<Void>> tasks) throws Exception {
    for (Future<Void> done : threads.invokeAll(tasks)) {
      done.get();
    }
  }

  @Test
  void processorsOfTwoManagersLoseNoCount() throws Exception {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (CacheManager manager : List.of(managers.open(URL), managers.openAnother(URL))) {
      Cache<String, Integer> cache = counters(manager);
      for (int thread = 0; thread < 2; thread++) {
        tasks.add(
            () -> {
              for (int i = 0; i < 500; i++) {
                cache.invoke("n", ADD_ONE);
              }
              return null;
            });
      }
    }
    inFourThreads(tasks);
    assertThat(counters(managers.openAnother(URL)).get("n")).isEqualTo(2000);
  }

  @Test
  void whatReplacesOneValueOnlyLosesNoCount() throws Exception {
    Cache<String, Integer> cache = counters(managers.open(URL));
    cache.put("n", 0);
    Callable<Void> adding =
        () -> {
          for (int i = 0; i < 500; ) {
            int seen = cache.get("n");
            if (cache.replace("n", seen, seen + 1)) {
              i++;
            }
          }
          return null;
        };
    inFourThreads(List.of(adding, adding));
    assertThat(cache.get("n")).isEqualTo(1000);
  }

  @Test
  void ofManyWhoPutIfAbsentOneWins() throws Exception {
    AtomicInteger wins = new AtomicInteger();
    List<Callable<Void>> tasks = new ArrayList<>();
    for (CacheManager manager : List.of(managers.open(URL), managers.openAnother(URL))) {
      Cache<String, Integer> cache = counters(manager);
      tasks.add(
          () -> {
            for (int i = 0; i < 500; i++) {
              wins.addAndGet(cache.putIfAbsent("k" + i, i) ? 1 : 0);
            }
            return null;
          });
    }
    inFourThreads(tasks);
    assertThat(wins).hasValue(500);
  }

  /** Who writes past the cache meanwhile has the processor look again. */
  @Test
  void aProcessorThatIsOvertakenRunsAgain() {
    Cache<String, Integer> cache = counters(managers.open(URL));
    Cache<String, Integer> other = counters(managers.openAnother(URL));
    cache.put("n", 1);
    AtomicInteger runs = new AtomicInteger();
    int result =
        cache.invoke(
            "n",
            (entry, arguments) -> {
              int seen = entry.getValue();
              if (runs.incrementAndGet() == 1) {
                other.put("n", 10);
              }
              entry.setValue(seen + 1);
              return seen + 1;
            });
    assertThat(result).isEqualTo(11);
    assertThat(runs).hasValue(2);
    assertThat(cache.get("n")).isEqualTo(11);
  }

  @Test
  void aProcessorThatFailsChangesNothing() {
    Cache<String, Integer> cache = counters(managers.open(URL));
    cache.put("n", 1);
    assertThatThrownBy(
            () ->
                cache.invoke(
                    "n",
                    (entry, arguments) -> {
                      entry.setValue(2);
                      throw new IllegalStateException("too late");
                    }))
        .isInstanceOf(EntryProcessorException.class)
        .hasRootCauseMessage("too late");
    assertThat(cache.get("n")).isEqualTo(1);
  }

  @Test
  void whatAProcessorMakesAndRemovesLeavesNoTrace() {
    Cache<String, Integer> cache = counters(managers.open(URL));
    Heard<String, Integer> heard = new Heard<>();
    cache.registerCacheEntryListener(Managers.listening(heard, true));
    cache.invoke(
        "n",
        (entry, arguments) -> {
          entry.setValue(1);
          entry.remove();
          return null;
        });
    assertThat(heard.events()).isEmpty();
    assertThat(cache.unwrap(KeyValueStore.class).keys("")).isEmpty();
  }

  @Test
  void whatManyMissAtOnceIsLoadedOnce() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CacheLoader<String, Integer> loader =
        new CacheLoader<>() {
          @Override
          public Integer load(String key) {
            loading.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return loads.incrementAndGet();
          }

          @Override
          public Map<String, Integer> loadAll(Iterable<? extends String> keys) {
            throw new UnsupportedOperationException();
          }
        };
    Cache<String, Integer> cache =
        managers
            .open(URL)
            .createCache(
                "loading",
                new MutableConfiguration<String, Integer>()
                    .setReadThrough(true)
                    .setCacheLoaderFactory(() -> loader));
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      results.add(threads.submit(() -> cache.get("k")));
    }
    loading.await();
    go.countDown();
    for (Future<Integer> result : results) {
      assertThat(result.get()).isEqualTo(1);
    }
    assertThat(loads).hasValue(1);
  }
}
