package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbTimeoutException;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More threads than connections: who has one takes along what others have to send. */
@Timeout(60)
class RedisManyThreadsIT {
  private static final byte[] VALUE = "v".getBytes(UTF_8);

  private final RedisServer server = RedisServer.start();
  private final RedisProxy proxy = RedisProxy.to(server);
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final List<Thread> threads = new ArrayList<>();
  private final CompletableFuture<Void> released = new CompletableFuture<>();

  /** What came of each thread's call: an answer, or what was thrown. */
  private final Map<String, Object> outcomes = new ConcurrentHashMap<>();

  @AfterEach
  void close() {
    released.complete(null);
    registry.close();
    proxy.close();
    server.close();
  }

  private KeyValueStore open() {
    KeyValueStore store = registry.open(proxy.url("sweep=off", "connections=1", "timeout=2s"));
    store.set("first", VALUE);
    store.get("first");
    return store;
  }

  private void call(String name, Callable<Object> call) {
    Thread thread =
        new Thread(
            () -> {
              try {
                outcomes.put(name, call.call());
              } catch (Exception e) {
                outcomes.put(name, e);
              }
            });
    threads.add(thread);
    thread.start();
  }

  private void set(KeyValueStore store, String key) {
    call(key, () -> store.set(key, key.getBytes(UTF_8)));
  }

  private void get(KeyValueStore store, String name, String key) {
    call(name, () -> new String(store.get(key).orElseThrow(), UTF_8));
  }

  /** One call has the connection, and is not let through until that is released. */
  private void occupy(KeyValueStore store) throws InterruptedException {
    CountDownLatch arrived = new CountDownLatch(1);
    proxy.onRequest(
        "e:first\r\n",
        () -> {
          arrived.countDown();
          released.join();
        });
    get(store, "occupier", "first");
    arrived.await();
  }

  /** Has another thread send what {@code b} has, and something happen when it has sent it. */
  private void sendTogether(Runnable then) throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(1);
    proxy.onRequest(
        "e:b\r\n",
        () -> {
          then.run();
          sent.countDown();
        });
    released.complete(null);
    sent.await();
  }

  private void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void thoseWhoWaitAreSentTogetherAndEachGetsItsOwnAnswer() throws Exception {
    KeyValueStore store = open();
    server.command("SET", "nadb:{main:default}:e:foreign", "x");
    for (int i = 0; i < 20; i++) {
      store.set("k" + i, ("value " + i).getBytes(UTF_8));
    }
    long before = proxy.roundTrips();
    occupy(store);
    for (int i = 0; i < 20; i++) {
      get(store, "get " + i, "k" + i);
    }
    set(store, "new");
    call("foreign", () -> store.get("foreign"));
    call("number", () -> store.increment("n", 7));
    time.awaitWaiting(23);
    released.complete(null);
    join();

    for (int i = 0; i < 20; i++) {
      assertThat(outcomes).containsEntry("get " + i, "value " + i);
    }
    assertThat(outcomes).containsEntry("number", 7L);
    assertThat(outcomes.get("new")).isInstanceOf(Long.class);
    assertThat(outcomes.get("foreign")).isInstanceOf(CorruptStoreException.class);
    assertThat(store.get("new")).hasValue("new".getBytes(UTF_8));
    assertThat(proxy.roundTrips() - before).as("with scripts that are sent anew").isLessThan(12);
  }

  @Test
  void aConnectionThatBreaksLeavesEachReadAnsweredAndEachWriteInDoubt() throws Exception {
    KeyValueStore store = open();
    occupy(store);
    set(store, "a");
    set(store, "b");
    get(store, "read", "first");
    get(store, "other", "first");
    time.awaitWaiting(4);
    proxy.onRequest("e:b\r\n", proxy::cut);
    released.complete(null);
    join();

    assertThat(outcomes).containsEntry("read", "v").containsEntry("other", "v");
    assertThat(outcomes.get("b"))
        .asInstanceOf(type(NadbConnectionException.class))
        .matches(NadbConnectionException::inDoubt);
  }

  @Test
  void whoseTimeIsOverWhileAnotherThreadSendsItsWriteIsInDoubt() throws Exception {
    KeyValueStore store = open();
    occupy(store);
    set(store, "a");
    time.awaitWaiting(1);
    set(store, "b");
    time.awaitWaiting(2);
    sendTogether(proxy::hang);
    time.advance(ofSeconds(3));
    join();

    assertThat(outcomes.get("b"))
        .asInstanceOf(type(NadbTimeoutException.class))
        .matches(NadbTimeoutException::inDoubt);
    assertThat(outcomes.get("a"))
        .asInstanceOf(type(NadbTimeoutException.class))
        .matches(NadbTimeoutException::inDoubt);
  }

  @Test
  void whoseTimeIsOverBeforeItIsSentHasDoneNothing() throws Exception {
    KeyValueStore store = open();
    occupy(store);
    set(store, "a");
    time.awaitWaiting(1);
    time.advance(ofSeconds(3));
    threads.get(1).join();
    released.complete(null);
    join();

    assertThat(outcomes.get("a"))
        .asInstanceOf(type(NadbTimeoutException.class))
        .matches(e -> !e.inDoubt())
        .extracting(Throwable::getMessage)
        .asString()
        .contains("all 1 connections were in use");
    assertThat(store.contains("a")).isFalse();
  }

  @Test
  void anInterruptEndsTheWaitForAnotherThreadToo() throws Exception {
    KeyValueStore store = open();
    occupy(store);
    set(store, "a");
    time.awaitWaiting(1);
    set(store, "b");
    time.awaitWaiting(2);
    sendTogether(proxy::holdAnswers);
    threads.get(2).interrupt();
    threads.get(2).join();
    proxy.heal();
    join();

    assertThat(outcomes.get("b"))
        .asInstanceOf(type(NadbConnectionException.class))
        .matches(NadbConnectionException::inDoubt);
    assertThat(outcomes.get("a")).isInstanceOf(Long.class);
    assertThat(store.get("first")).as("the connection is whole").hasValue(VALUE);
  }

  @Test
  void anInterruptOfWhoSendsForOthersDoesNotTouchThem() throws Exception {
    KeyValueStore store = open();
    occupy(store);
    set(store, "a");
    time.awaitWaiting(1);
    set(store, "b");
    time.awaitWaiting(2);
    sendTogether(proxy::holdAnswers);
    threads.get(1).interrupt();
    boolean unused = // Longer than it waits before it looks up.
        TimeSource.system().await(new CompletableFuture<>(), Duration.ofMillis(200));
    proxy.heal();
    join();

    assertThat(outcomes.get("a")).isInstanceOf(Long.class);
    assertThat(outcomes.get("b")).isInstanceOf(Long.class);
  }

  @Test
  void twoHundredThreadsAreAnsweredByTheDefaultConnections() throws Exception {
    try (StoreRegistry real = StoreRegistry.create(TimeSource.system())) {
      KeyValueStore store = real.open(server.url("sweep=off"));
      for (int i = 0; i < 200; i++) {
        String key = "thread " + i;
        call(
            key,
            () -> {
              for (int round = 0; round < 50; round++) {
                byte[] value = (key + " " + round).getBytes(UTF_8);
                store.set(key, value);
                assertThat(store.get(key)).hasValue(value);
              }
              return "done";
            });
      }
      join();

      assertThat(outcomes).hasSize(200).containsValues("done");
      assertThat(outcomes.values()).containsOnly("done");
    }
  }
}
