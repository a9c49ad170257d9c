package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.AsyncKeyValueStore;
import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbTimeoutException;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls to a server that nobody waits for: many at a time on few connections. */
@Timeout(60)
class RedisAsyncIT {
  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());
  private RedisServer server;
  private RedisProxy proxy;

  @BeforeEach
  void start() {
    server = RedisServer.start();
    proxy = RedisProxy.to(server);
  }

  @AfterEach
  void stop() throws Exception {
    registry.close();
    proxy.close();
    server.close();
  }

  private KeyValueStore open(String options) {
    return registry.open("nadb:redis://127.0.0.1:" + proxy.port() + "?sweep=off" + options);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** Why it failed; empty if it did not. */
  private static Optional<Throwable> failure(CompletionStage<?> stage) {
    return stage
        .handle(
            (answer, thrown) -> {
              assertThat(thrown == null || thrown instanceof CompletionException).isTrue();
              Optional<Throwable> failure = Optional.ofNullable(thrown);
              return failure.map(Throwable::getCause);
            })
        .toCompletableFuture()
        .join();
  }

  @Test
  void thousandsOfCallsOfOneThreadTakeFewConnections() {
    KeyValueStore store = open("");
    AsyncKeyValueStore async = store.async();
    List<CompletionStage<Long>> writes = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      writes.add(async.set("k" + i, bytes("v" + i)));
    }
    writes.forEach(RedisAsyncIT::join);
    List<CompletionStage<Optional<byte[]>>> reads = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      reads.add(async.get("k" + i));
    }
    for (int i = 0; i < 5000; i++) {
      assertThat(join(reads.get(i))).hasValue(bytes("v" + i));
    }

    assertThat(proxy.connections()).as("two, and one of who looks after the store").isLessThan(4);
    assertThat(store.stats().sets()).isEqualTo(5000);
    assertThat(store.stats().hits()).isEqualTo(5000);
    assertThat(store.stats().sequence()).isEqualTo(5000);
  }

  /** A script that the server does not know is sent once more, after what came behind it. */
  @Test
  void callsOnAKeyKeepTheirOrderWhenTheServerHasForgottenTheScripts() {
    KeyValueStore store = open("");
    AsyncKeyValueStore async = store.async();
    for (int round = 0; round < 20; round++) {
      server.command("SCRIPT", "FLUSH");
      List<CompletionStage<Optional<byte[]>>> reads = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        String key = "k" + i % 10;
        async.set(key, bytes(round + "." + i));
        reads.add(async.get(key));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(join(reads.get(i)).map(String::new)).contains(round + "." + i);
      }
    }
  }

  @Test
  void eachCallOfABrokenConnectionComesToAnEndOfItsOwn() {
    KeyValueStore store = open("&timeout=5s");
    AsyncKeyValueStore async = store.async();
    join(async.set("there", bytes("v")));
    proxy.loseAnswer("lost-7");
    List<CompletionStage<Long>> writes = new ArrayList<>();
    List<CompletionStage<Optional<byte[]>>> reads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      writes.add(async.set("lost-" + i, bytes("v")));
      reads.add(async.get("there"));
    }

    List<Throwable> failures = new ArrayList<>();
    for (CompletionStage<Long> write : writes) {
      failure(write).ifPresent(failures::add);
    }
    assertThat(failures)
        .isNotEmpty()
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOfSatisfying(
                        NadbConnectionException.class, e -> assertThat(e.inDoubt()).isTrue()));
    for (CompletionStage<Optional<byte[]>> read : reads) {
      assertThat(join(read)).hasValue(bytes("v"));
    }
    assertThat(join(async.set("k", bytes("w")))).isPositive();
  }

  @Test
  void aServerThatHangsKeepsNoStageOpen() {
    KeyValueStore store = open("&timeout=500ms");
    AsyncKeyValueStore async = store.async();
    join(async.set("k", bytes("v")));
    server.command("CLIENT", "PAUSE", "20000", "ALL");
    long begun = System.nanoTime();
    List<CompletionStage<?>> stages = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      stages.add(i % 2 == 0 ? async.set("k" + i, bytes("v")) : async.get("k" + i));
    }
    int inDoubt = 0;
    for (CompletionStage<?> stage : stages) {
      Throwable failure = failure(stage).orElseThrow();
      assertThat(failure).isInstanceOf(NadbTimeoutException.class);
      inDoubt += ((NadbTimeoutException) failure).inDoubt() ? 1 : 0;
    }

    assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
    assertThat(inDoubt).as("writes that were sent").isPositive().isLessThanOrEqualTo(2500);
    assertThat(store.stats().lastFailure()).isPresent();
  }

  @Test
  void closingEndsWhatIsUnderWay() {
    KeyValueStore store = open("&timeout=30s");
    AsyncKeyValueStore async = store.async();
    join(async.set("k", bytes("v")));
    server.command("CLIENT", "PAUSE", "20000", "ALL");
    List<CompletionStage<?>> stages = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      stages.add(async.set("k" + i, bytes("v")));
    }
    stages.add(async.transaction(transaction -> transaction.get("k").isPresent()));
    store.close();

    for (CompletionStage<?> stage : stages) {
      assertThat(failure(stage).orElseThrow())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("store is closed");
    }
  }

  @Test
  void aKeyThatHoldsSomethingElseFailsItsOwnCallOnly() {
    KeyValueStore store = open("&db=odd");
    AsyncKeyValueStore async = store.async();
    join(async.set("good", bytes("v")));
    String prefix =
        server.command("KEYS", "*good*").lines().findFirst().orElseThrow().replace("good", "");
    server.command("SET", prefix + "bad", "text");
    CompletionStage<Optional<byte[]>> good = async.get("good");
    CompletionStage<Optional<byte[]>> bad = async.get("bad");
    CompletionStage<Boolean> there = async.contains("bad");

    assertThat(join(good)).hasValue(bytes("v"));
    assertThat(failure(bad).orElseThrow()).hasMessageContaining("was not written by NADB");
    assertThat(failure(there).orElseThrow()).hasMessageContaining("was not written by NADB");
  }
}
