package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another server behind the same name: a store goes along with it. */
class RedisFailoverIT {
  private static final byte[] OLD = "old".getBytes(UTF_8);
  private static final byte[] NEW = "new".getBytes(UTF_8);
  private static final String ENTRY = "nadb:{main:default}:e:k";

  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final RedisServer first =
      RedisServer.builder().config("repl-diskless-sync-delay", "0").start();
  private final RedisServer second = RedisServer.start();
  private final RedisProxy name = RedisProxy.to(first);

  @AfterEach
  void close() {
    registry.close();
    name.close();
    first.close();
    second.close();
  }

  private KeyValueStore open(String options) {
    return registry.open("nadb:redis://127.0.0.1:" + name.port() + "?sweep=off" + options);
  }

  private static String value(RedisServer server) {
    return server.command("HGET", ENTRY, "v");
  }

  private void demote(RedisServer server, RedisServer master) {
    server.command("REPLICAOF", master.host(), Integer.toString(master.port()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb&flush=off"})
  void aWriteThatADemotedMasterRefusesGoesToWhomTheNameLeadsToByNow(String options) {
    KeyValueStore store = open(options);
    store.set("k", OLD, SetOptions.tags("t"));
    store.flush();
    demote(first, second);
    name.leadTo(second);

    store.set("k", NEW, SetOptions.tags("t"));
    store.flush();
    assertThat(value(second)).isEqualTo("new");
    assertThat(store.setIfAbsent("k", OLD)).isFalse();
    store.transaction(
        transaction -> {
          transaction.set("other", NEW);
          return transaction.get("k");
        });
    assertThat(store.get("other")).isPresent();
  }

  @Test
  void everyConnectionToADemotedMasterIsGivenUpOnceOneHasShownIt() throws Exception {
    KeyValueStore store = open("");
    store.set("k", OLD);
    first.command("CLIENT", "PAUSE", "500", "ALL");
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) { // At the same time, so each on a connection of its own.
      Thread reader = new Thread(() -> store.get("k"));
      readers.add(reader);
      reader.start();
    }
    for (Thread reader : readers) {
      reader.join();
    }
    demote(first, second);
    name.leadTo(second);
    long before = name.connections();

    for (int i = 0; i < 10; i++) {
      store.set("k", NEW);
    }
    assertThat(name.connections() - before).isEqualTo(1);
    assertThat(first.command("CLIENT", "LIST", "TYPE", "normal").lines())
        .as("but for the one that asks")
        .hasSize(1);
  }

  @Test
  void aServerThatStaysAReplicaIsAConnectionErrorAndNothingWasDone() {
    KeyValueStore store = open("");
    store.set("k", OLD);
    demote(first, second);

    assertThatThrownBy(() -> store.set("k", NEW))
        .isInstanceOf(NadbConnectionException.class)
        .hasMessageContaining("read-only replica")
        .hasMessageContaining("nothing was written")
        .asInstanceOf(type(NadbConnectionException.class))
        .extracting(NadbConnectionException::inDoubt)
        .isEqualTo(false);
    first.command("REPLICAOF", "NO", "ONE");
    store.set("k", NEW);
    assertThat(value(first)).isEqualTo("new");
  }

  @Test
  void aMasterThatNobodyHasDemotedIsLeftWhenItsConnectionsAreOldEnough() {
    KeyValueStore store = open("&connection-age=30s");
    store.set("k", OLD);
    name.leadTo(second);
    long before = name.connections();

    time.advance(ofSeconds(29));
    store.set("k", OLD);
    assertThat(name.connections() - before).isZero();
    time.advance(ofSeconds(1));
    store.set("k", NEW);
    assertThat(value(first)).isEqualTo("old");
    assertThat(value(second)).isEqualTo("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb&flush=off"})
  void aWriteThatNoReplicaHasInTimeIsInDoubtIfOneMust(String options) {
    KeyValueStore store = open("&acknowledge=replica&timeout=500ms" + options);

    assertThatThrownBy(
            () -> {
              store.set("k", NEW);
              store.flush();
            })
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("no replica had it in time");
    assertThat(value(first)).isEqualTo("new");
    if (options.isEmpty()) {
      assertThatThrownBy(() -> store.increment("n", 1))
          .isInstanceOf(NadbTimeoutException.class)
          .asInstanceOf(type(NadbTimeoutException.class))
          .extracting(NadbTimeoutException::inDoubt)
          .isEqualTo(true);
    }
    second.command("REPLICAOF", first.host(), Integer.toString(first.port()));
    first.command("WAIT", "1", "20000");
    store.set("k", OLD);
    store.setIfAbsent("m", NEW);
    store.flush();
    assertThat(value(second)).as("at once, not soon").isEqualTo("old");
    assertThat(store.get("k")).isPresent();
  }

  @Test
  void aServerThatIsGoneIsLookedForAgainWhereItsNameLeads() {
    KeyValueStore store = open("");
    store.set("k", OLD);
    name.leadTo(second);
    first.kill();

    assertThat(store.get("k")).as("a read finds the other one itself").isEmpty();
    store.set("k", NEW);
    assertThat(value(second)).isEqualTo("new");
  }
}
