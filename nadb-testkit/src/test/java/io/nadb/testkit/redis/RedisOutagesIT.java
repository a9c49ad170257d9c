package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreState;
import io.nadb.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between a store and its server: an error that says so, and it goes on later. */
class RedisOutagesIT extends OwnServers {
  /** Every call that asks the server. */
  private static Map<String, ThrowingCallable> calls(KeyValueStore store) {
    Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
    calls.put("get", () -> store.get("k"));
    calls.put("contains", () -> store.contains("k"));
    calls.put("metadata", () -> store.metadata("k"));
    calls.put("keys", () -> store.keys(""));
    calls.put("queryByTags", () -> store.queryByTags("t"));
    calls.put("tags", store::tags);
    calls.put("set", () -> store.set("k", NEW));
    calls.put("delete", () -> store.delete("k"));
    calls.put("entry", () -> store.entry("k"));
    calls.put("size", store::size);
    calls.put("setIfAbsent", () -> store.setIfAbsent("k", NEW));
    calls.put("replace", () -> store.replace("k", OLD, NEW));
    calls.put("delete of a value", () -> store.delete("k", OLD));
    calls.put("getAndSet", () -> store.getAndSet("k", NEW));
    calls.put("getAndDelete", () -> store.getAndDelete("k"));
    calls.put("increment", () -> store.increment("k", 1));
    calls.put("touch", () -> store.touch("k", Duration.ofHours(1)));
    calls.put("compute", () -> store.compute("k", old -> old));
    calls.put("read in a transaction", () -> store.transaction(each -> each.get("k")));
    calls.put("transaction", () -> store.transaction(each -> setAndReturn(each, "k")));
    calls.put("clear", store::clear);
    calls.put("cleanupExpired", store::cleanupExpired);
    return calls;
  }

  private static String setAndReturn(Transaction transaction, String key) {
    transaction.set(key, NEW);
    return key;
  }

  @Test
  void aServerThatIsDownIsAnErrorAtOpen() {
    RedisServer server = owned(RedisServer.start());
    server.kill();

    assertThatThrownBy(() -> open(server.port(), ""))
        .isInstanceOf(NadbConnectionException.class)
        .hasMessageContaining("Redis server 127.0.0.1:" + server.port())
        .hasMessageContaining("can't connect");
  }

  @Test
  void aServerThatIsKilledIsAnErrorInEveryCallAndNeverAbsence() {
    RedisServer server = owned(RedisServer.builder().appendOnly().start());
    KeyValueStore store = open(server.port(), "");
    store.set("k", OLD, SetOptions.tags("t"));
    server.kill();

    calls(store)
        .forEach(
            (name, call) ->
                assertThatThrownBy(call).as(name).isInstanceOf(NadbConnectionException.class));
    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThat(store.stats().lastFailure()).isPresent();
    server.restart();

    assertThat(text(store, "k")).as("what was acknowledged").contains("old");
    assertThat(store.queryByTags("t")).hasSize(1);
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    store.set("k", NEW);
    assertThat(text(store, "k")).contains("new");
  }

  @Test
  void aServerThatIsRestartedIsFoundAgainByReadsWithoutAnError() {
    RedisServer server = owned(RedisServer.builder().appendOnly().start());
    KeyValueStore store = open(server.port(), "");
    store.set("k", OLD);
    server.stop();
    server.restart();

    assertThat(text(store, "k")).contains("old");
    store.set("k", NEW); // Its script is gone from the server too.
    assertThat(text(store, "k")).contains("new");
  }

  @Test
  void aReadIsRepeatedWhenItsConnectionIsCut() {
    RedisServer server = owned(RedisServer.start());
    RedisProxy proxy = owned(RedisProxy.to(server));
    KeyValueStore store = open(proxy.port(), "");
    store.set("k", OLD, SetOptions.tags("t"));
    List<Consumer<String>> cuts = List.of(proxy::loseRequest, proxy::loseAnswer);
    for (Consumer<String> cut : cuts) {
      cut.accept("HMGET");
      assertThat(text(store, "k")).contains("old");
      cut.accept("EVALSHA");
      assertThat(store.queryByTags("t")).hasSize(1);
    }
  }

  @Test
  void aWriteWhoseConnectionIsCutIsInDoubtAndNotRepeated() {
    RedisServer server = owned(RedisServer.start());
    RedisProxy proxy = owned(RedisProxy.to(server));
    KeyValueStore store = open(proxy.port(), "");
    store.set("k", OLD);
    store.delete("other"); // From now on the server knows the scripts.

    proxy.loseRequest("EVALSHA");
    assertInDoubt(() -> store.set("k", NEW));
    assertThat(text(store, "k")).as("the request never came to the server").contains("old");

    long before = calls(server, "evalsha");
    proxy.loseAnswer("EVALSHA");
    assertInDoubt(() -> store.set("k", NEW));
    assertThat(text(store, "k")).as("the answer never came back").contains("new");
    assertThat(calls(server, "evalsha") - before).isEqualTo(1);

    proxy.loseAnswer("EVALSHA");
    assertInDoubt(() -> store.delete("k"));
    assertThat(store.contains("k")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb&flush=off"})
  void aChangeWhoseConnectionIsCutIsInDoubtAndNotMadeTwice(String options) {
    RedisServer server = owned(RedisServer.start());
    RedisProxy proxy = owned(RedisProxy.to(server));
    KeyValueStore store = open(proxy.port(), options);
    store.setIfAbsent("k", OLD);
    store.increment("n", 1);
    store.touch("n", Duration.ofHours(1));
    store.delete("k", NEW); // From now on the server knows the scripts.

    proxy.loseRequest("EVALSHA");
    assertInDoubt(() -> store.increment("n", 1));
    assertThat(text(store, "n")).as("the request never came to the server").contains("1");

    long before = calls(server, "evalsha");
    proxy.loseAnswer("EVALSHA");
    assertInDoubt(() -> store.increment("n", 1));
    assertThat(text(store, "n")).as("the answer never came back").contains("2");
    proxy.loseAnswer("EVALSHA");
    assertInDoubt(() -> store.compute("n", old -> Optional.of(NEW)));
    assertThat(text(store, "n")).contains("new");
    proxy.loseAnswer("EVALSHA");
    assertInDoubt(() -> store.replace("k", OLD, NEW));
    proxy.loseAnswer("EVALSHA");
    assertInDoubt(() -> store.touch("k", Duration.ofHours(1)));
    assertThat(store.entry("k").orElseThrow().metadata().expiresAt()).isPresent();
    proxy.loseAnswer("EVALSHA");
    assertInDoubt(() -> store.getAndDelete("k"));
    assertThat(store.contains("k")).isFalse();
    proxy.loseAnswer("EVALSHA");
    assertInDoubt(() -> store.setIfAbsent("k", NEW));
    assertThat(text(store, "k")).contains("new");
    assertThat(calls(server, "evalsha") - before).as("each was sent once").isEqualTo(6);
  }

  private static void assertInDoubt(ThrowingCallable write) {
    assertThatThrownBy(write)
        .isInstanceOf(NadbConnectionException.class)
        .hasMessageContaining("may have been carried out")
        .asInstanceOf(type(NadbConnectionException.class))
        .extracting(NadbConnectionException::inDoubt)
        .isEqualTo(true);
  }

  /** How often the server was given a command. */
  private static long calls(RedisServer server, String command) {
    Matcher line =
        Pattern.compile("cmdstat_" + command + ":calls=([0-9]+)")
            .matcher(server.command("INFO", "commandstats"));
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }

  @Test
  void aServerThatWantsReplicasOrHasTooManyClientsIsAConnectionError() {
    RedisServer server = owned(RedisServer.start());
    KeyValueStore store = open(server.port(), "");
    store.set("k", OLD);
    server.command("CONFIG", "SET", "min-replicas-to-write", "1");

    assertNotDone(() -> store.set("k", NEW), "NOREPLICAS");
    assertNotDone(() -> store.set("k", NEW, SetOptions.tags("t")), "NOREPLICAS");
    assertThat(text(store, "k")).contains("old");
    server.command("CONFIG", "SET", "min-replicas-to-write", "0");
    store.set("k", NEW);
    server.command("CONFIG", "SET", "maxclients", "1");
    assertNotDone(() -> open(server.port(), "&db=other"), "maxclients");
  }

  private static void assertNotDone(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(NadbConnectionException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("nothing was done")
        .asInstanceOf(type(NadbConnectionException.class))
        .extracting(NadbConnectionException::inDoubt)
        .isEqualTo(false);
  }

  @Test
  void anErrorNamesTheNodeThatFailed() {
    RedisCluster cluster = owned(RedisCluster.start(3));
    KeyValueStore store = registry.open(cluster.url("sweep=off"));
    for (int i = 0; i < 100; i++) {
      store.set("k" + i, OLD);
    }
    RedisServer dead = cluster.nodes().get(1);
    dead.kill();
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      try {
        store.set("k" + i, NEW);
      } catch (NadbConnectionException e) {
        messages.add(String.valueOf(e.getMessage()));
      }
    }

    assertThat(messages).isNotEmpty();
    assertThat(messages.get(0)).contains(", node 127.0.0.1:" + dead.port());
  }

  @Test
  void aWrongPasswordIsAnErrorThatDoesNotShowIt() {
    RedisServer server = owned(RedisServer.builder().password("right").start());
    String place = "127.0.0.1:" + server.port();

    assertThatThrownBy(() -> registry.open("nadb:redis://:hunter2@" + place))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("refuses the user or the password")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> registry.open("nadb:redis://" + place))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("wants a password");
    registry.open("nadb:redis://:right@" + place).set("k", NEW);
  }

  @Test
  void aServerThatIsOutOfMemoryRefusesAWriteAndKeepsWhatItHas() {
    RedisServer server = owned(RedisServer.start());
    KeyValueStore store = open(server.port(), "");
    store.set("k", OLD, SetOptions.tags("t"));
    server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    server.command("CONFIG", "SET", "maxmemory", "1");

    assertThatThrownBy(() -> store.set("k", NEW, SetOptions.tags("u")))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("out of memory")
        .hasMessageContaining("nothing was written");
    assertThatThrownBy(() -> store.set("other", NEW)).hasMessageContaining("out of memory");

    assertThat(text(store, "k")).contains("old");
    assertThat(store.queryByTags("t")).hasSize(1);
    assertThat(store.queryByTags("u")).isEmpty();
    assertThat(store.contains("other")).isFalse();
    assertThatThrownBy(() -> store.setIfAbsent("other", NEW)).hasMessageContaining("out of memory");
    assertThatThrownBy(() -> store.replace("k", OLD, NEW)).hasMessageContaining("out of memory");
    assertThatThrownBy(() -> store.increment("n", 1)).hasMessageContaining("out of memory");
    assertThatThrownBy(() -> store.touch("k", Duration.ofHours(1)))
        .hasMessageContaining("out of memory");
    assertThat(store.entry("k").orElseThrow().metadata().expiresAt()).isEmpty();
    assertThat(store.size()).isEqualTo(1);
    server.command("CONFIG", "SET", "maxmemory", "0");
    store.set("k", NEW);
  }

  @Test
  void aReplicaIsReadAndRefusesWrites() {
    RedisServer primary = owned(RedisServer.start());
    KeyValueStore store = open(primary.port(), "");
    store.set("k", OLD, SetOptions.tags("t"));
    RedisServer replica = owned(RedisServer.builder().replicaOf(primary).start());
    store.set("other", OLD);
    primary.command("WAIT", "1", "20000");
    KeyValueStore copy = open(replica.port(), "");

    assertThat(text(copy, "k")).contains("old");
    assertThat(copy.queryByTags("t")).hasSize(1);
    assertThatThrownBy(() -> copy.set("k", NEW))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("read-only replica");
    assertThatThrownBy(() -> copy.delete("k")).hasMessageContaining("read-only replica");
    assertThatThrownBy(() -> copy.increment("n", 1)).hasMessageContaining("read-only replica");
    assertThatThrownBy(() -> copy.setIfAbsent("n", NEW)).hasMessageContaining("read-only replica");
  }

  @Test
  void scriptsThatTheServerHasForgottenAreSentAgain() {
    RedisServer server = owned(RedisServer.start());
    KeyValueStore store = open(server.port(), "&buffer=1mb&flush=off");
    for (int i = 0; i < 100; i++) {
      store.set("k" + i, OLD, SetOptions.tags("t"));
    }
    store.flush();
    server.command("SCRIPT", "FLUSH");
    assertThat(store.queryByTags("t")).hasSize(100);
    server.command("SCRIPT", "FLUSH");
    for (int i = 0; i < 100; i++) {
      store.set("k" + i, NEW, SetOptions.tags("u"));
    }
    store.flush();

    assertThat(store.queryByTags("t")).isEmpty();
    assertThat(store.queryByTags("u")).hasSize(100);
  }

  @Test
  void aBufferKeepsWhatAServerThatIsDownCannotTake() {
    RedisServer server = owned(RedisServer.builder().appendOnly().start());
    KeyValueStore store = open(server.port(), "&buffer=1mb&flush=off");
    store.set("k", OLD);
    store.flush();
    server.kill();
    store.set("k", NEW);
    store.set("other", NEW, SetOptions.tags("t"));

    assertThatThrownBy(store::flush)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("nothing is lost")
        .hasCauseInstanceOf(NadbConnectionException.class);
    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
    server.restart();
    store.flush();

    assertThat(server.command("HGET", "nadb:{main:default}:e:k", "v")).isEqualTo("new");
    assertThat(store.queryByTags("t")).hasSize(1);
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
  }
}
