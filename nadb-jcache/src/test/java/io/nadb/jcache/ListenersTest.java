package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is told, of what, and in which order. */
class ListenersTest {
  private final Managers managers = new Managers();
  private final Cache<String, Object> cache =
      Managers.plain(managers.open("nadb:mem:ListenersTest"), "c");

  @AfterEach
  void close() {
    managers.close();
  }

  @Test
  void eachChangeIsToldWithWhatWasBefore() {
    Heard<String, Object> heard = new Heard<>();
    cache.registerCacheEntryListener(Managers.listening(heard, true));
    cache.put("a", 1);
    cache.put("a", 2);
    cache.putAll(Map.of("a", 3));
    cache.replace("a", 3, 4);
    cache.getAndReplace("a", 5);
    cache.remove("a", 1);
    cache.getAndRemove("a");
    cache.remove("a");
    cache.putIfAbsent("b", 1);
    cache.putIfAbsent("b", 2);
    cache.removeAll(Set.of("a", "b"));
    cache.put("c", 1);
    cache.clear();
    assertThat(heard.events())
        .containsExactly(
            "CREATED a: null -> 1",
            "UPDATED a: 1 -> 2",
            "UPDATED a: 2 -> 3",
            "UPDATED a: 3 -> 4",
            "UPDATED a: 4 -> 5",
            "REMOVED a: 5 -> 5",
            "CREATED b: null -> 1",
            "REMOVED b: 1 -> 1",
            "CREATED c: null -> 1");
  }

  @Test
  void anAsynchronousListenerHearsInOrderAndHoldsNobodyUp() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(100);
    List<Object> heard = new ArrayList<>();
    CacheEntryCreatedListener<String, Object> listener =
        events -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          events.forEach(event -> heard.add(event.getValue()));
          told.countDown();
        };
    cache.registerCacheEntryListener(Managers.listening(listener, false));
    for (int i = 0; i < 100; i++) {
      cache.put("k" + i, i);
    }
    go.countDown();
    told.await();
    assertThat(heard).isEqualTo(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void whatWaitsForAListenerThatIsTakenAwayIsNotTold() throws InterruptedException {
    CountDownLatch telling = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch last = new CountDownLatch(1);
    List<Object> heard = new ArrayList<>();
    CacheEntryCreatedListener<String, Object> slow =
        events -> {
          events.forEach(event -> heard.add(event.getKey()));
          telling.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    CacheEntryCreatedListener<String, Object> next = events -> last.countDown();
    var listening = Managers.listening(slow, false);
    cache.registerCacheEntryListener(listening);
    cache.put("a", 1);
    telling.await();
    cache.put("b", 1);
    cache.deregisterCacheEntryListener(listening);
    cache.registerCacheEntryListener(Managers.listening(next, false));
    cache.put("c", 1);
    go.countDown();
    last.await();
    assertThat(heard).containsExactly("a");
  }

  @Test
  void aListenerThatFailsIsToldToTheCallerAndKeepsNoOtherFromHearing() {
    CacheEntryCreatedListener<String, Object> failing =
        events -> {
          throw new IllegalStateException("not today");
        };
    Heard<String, Object> heard = new Heard<>();
    cache.registerCacheEntryListener(Managers.listening(failing, true));
    cache.registerCacheEntryListener(Managers.listening(heard, true));
    assertThatThrownBy(() -> cache.put("k", 1))
        .isInstanceOf(CacheEntryListenerException.class)
        .hasRootCauseMessage("not today");
    assertThat(cache.get("k")).isEqualTo(1);
    assertThat(heard.events()).containsExactly("CREATED k: null -> 1");
  }

  @Test
  void anAsynchronousListenerThatFailsHearsTheNext() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(2);
    CacheEntryCreatedListener<String, Object> failing =
        events -> {
          told.countDown();
          throw new IllegalStateException("not today");
        };
    cache.registerCacheEntryListener(Managers.listening(failing, false));
    cache.put("k", 1);
    cache.put("l", 1);
    told.await();
  }

  @Test
  void aListenerGetsObjectsOfItsOwn() {
    List<Object> heard = new ArrayList<>();
    CacheEntryUpdatedListener<String, Object> listener =
        events -> events.forEach(event -> heard.add(event.getValue()));
    cache.registerCacheEntryListener(Managers.listening(listener, true));
    List<Integer> value = new ArrayList<>(List.of(1));
    cache.put("k", value);
    cache.put("k", value);
    value.add(2);
    assertThat(heard).containsExactly(List.of(1));
  }

  @Test
  void aValueThatCanNotBeReadIsReplacedAndToldWithoutIt() {
    Heard<String, Object> heard = new Heard<>();
    cache.registerCacheEntryListener(Managers.listening(heard, true));
    cache.unwrap(KeyValueStore.class).set("s:k", new byte[] {4, 'j', 'a', 'v', 'a', 1});
    cache.put("k", 1);
    assertThat(heard.events()).containsExactly("UPDATED k: null -> 1");
  }

  @Test
  void theSameListenerIsRefusedAndAFailedOneMayComeAgain() {
    Heard<String, Object> heard = new Heard<>();
    AtomicBoolean fails = new AtomicBoolean(true);
    var listening =
        new javax.cache.configuration.MutableCacheEntryListenerConfiguration<String, Object>(
            () -> {
              if (fails.getAndSet(false)) {
                throw new IllegalStateException("not yet");
              }
              return heard;
            },
            null,
            true,
            true);
    assertThatThrownBy(() -> cache.registerCacheEntryListener(listening)).hasMessage("not yet");
    cache.registerCacheEntryListener(listening);
    assertThatThrownBy(() -> cache.registerCacheEntryListener(listening))
        .isInstanceOf(IllegalArgumentException.class);
    cache.put("k", 1);
    assertThat(heard.events()).containsExactly("CREATED k: null -> 1");
  }

  @Test
  void aLoadThatFailsIsToldToItsListener() {
    CacheLoader<String, Object> loader =
        new CacheLoader<>() {
          @Override
          public Object load(String key) {
            throw new IllegalStateException("no source");
          }

          @Override
          public Map<String, Object> loadAll(Iterable<? extends String> keys) {
            throw new IllegalStateException("no source");
          }
        };
    Cache<String, Object> loading =
        cache
            .getCacheManager()
            .createCache(
                "loading",
                new MutableConfiguration<String, Object>()
                    .setReadThrough(true)
                    .setCacheLoaderFactory(() -> loader));
    CompletionListenerFuture done = new CompletionListenerFuture();
    loading.loadAll(Set.of("k"), false, done);
    assertThatThrownBy(done::get).hasRootCauseMessage("no source");
    assertThatThrownBy(() -> loading.get("k"))
        .isInstanceOf(CacheLoaderException.class)
        .hasRootCauseMessage("no source");
    assertThatThrownBy(() -> loading.getAll(Set.of("k"))).isInstanceOf(CacheLoaderException.class);
  }
}
