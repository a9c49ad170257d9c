package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each fault of a network or a server as a store's user sees it, and that it is over when healed.
 */
class RedisProxyIT {
  private static final byte[] OLD = "old".getBytes(UTF_8);
  private static final byte[] NEW = "new".getBytes(UTF_8);

  private final RedisServer server =
      RedisServer.builder().config("repl-diskless-sync-delay", "0").start();
  private final RedisProxy network = RedisProxy.to(server);
  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());
  private final KeyValueStore store = open("timeout=1s");

  @AfterEach
  void close() {
    network.heal();
    registry.close();
    network.close();
    server.close();
  }

  private KeyValueStore open(String options) {
    KeyValueStore opened = registry.open(network.url("sweep=off", options));
    opened.set("k", OLD);
    return opened;
  }

  /** What the server has, whatever the network does. */
  private byte[] stored() {
    try (StoreRegistry direct = StoreRegistry.create(TimeSource.system())) {
      return direct.open(server.url()).get("k").orElseThrow();
    }
  }

  @Test
  void whoseAnswersAreHeldBackDoesNotKnowWhetherItHasWritten() {
    network.holdAnswers();

    assertThatThrownBy(() -> store.set("k", NEW))
        .isInstanceOfSatisfying(NadbTimeoutException.class, e -> assertThat(e.inDoubt()).isTrue());
    assertThat(stored()).isEqualTo(NEW);
    network.heal();
    assertThat(store.get("k")).hasValue(NEW);
  }

  @Test
  void aNetworkThatHangsLetsNothingThrough() {
    network.hang();

    assertThatThrownBy(() -> store.set("k", NEW)).isInstanceOf(NadbTimeoutException.class);
    assertThat(stored()).isEqualTo(OLD);
  }

  @Test
  void aNetworkThatHasHungWorksOnceItIsHealed() {
    network.hang();
    assertThatThrownBy(() -> store.set("k", NEW)).isInstanceOf(NadbTimeoutException.class);
    network.heal();

    store.set("other", OLD);
    assertThat(store.get("other")).hasValue(OLD);
  }

  @Test
  void aRefusedConnectionIsAnErrorUntilItIsHealed() {
    network.refuse();
    assertThatThrownBy(() -> store.get("k")).isInstanceOf(NadbConnectionException.class);
    network.heal();

    assertThat(store.get("k")).hasValue(OLD);
  }

  @Test
  void aDelayMakesEachRoundTripLonger() {
    network.delay(Duration.ofMillis(20));
    long before = System.nanoTime();
    store.get("k");
    store.get("k");

    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(40));
    network.delay(Duration.ofMinutes(1));
    assertThatThrownBy(() -> store.get("k")).isInstanceOf(NadbTimeoutException.class);
    network.delay(Duration.ZERO);
    assertThat(store.get("k")).hasValue(OLD);
  }

  @Test
  void aDelayIsNotNegative() {
    assertThatThrownBy(() -> network.delay(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-0.001S");
  }

  @Test
  void aLostRequestDoesNotReachTheServerAndALostAnswerLeavesItInDoubt() {
    network.loseRequest("k");
    assertThatThrownBy(() -> store.set("k", NEW)).isInstanceOf(NadbConnectionException.class);
    assertThat(stored()).isEqualTo(OLD);

    network.loseAnswer("k");
    assertThatThrownBy(() -> store.set("k", NEW))
        .isInstanceOfSatisfying(
            NadbConnectionException.class, e -> assertThat(e.inDoubt()).isTrue());
    assertThat(stored()).isEqualTo(NEW);
  }

  @Test
  void aTextIsFoundInWhateverAlphabet() {
    network.loseRequest("ключ");

    assertThatThrownBy(() -> store.set("ключ", NEW)).isInstanceOf(NadbConnectionException.class);
    store.set("ключ", NEW);
  }

  @Test
  void somebodyElseCanBeFaster() {
    KeyValueStore direct = registry.open(server.url("sweep=off"));
    network.onRequest("EVALSHA", () -> direct.set("k", NEW));

    assertThat(store.replace("k", OLD, "newest".getBytes(UTF_8))).isFalse();
    assertThat(store.get("k")).hasValue(NEW);
  }

  @ParameterizedTest
  @EnumSource
  void whatAServerRefusesIsAnErrorAndReadsGoOn(RedisRefusal refusal) {
    server.refuseWrites(refusal);
    assertThatThrownBy(() -> store.set("k", NEW)).isInstanceOf(NadbException.class);
    assertThat(store.get("k")).hasValue(OLD);
    server.takeWrites();

    store.set("k", NEW);
    assertThat(store.get("k")).hasValue(NEW);
  }

  @Test
  void aServerThatRefusedWritesForItsMemoryHasAsMuchAsBefore() {
    server.command("CONFIG", "SET", "maxmemory", "100000000");
    server.refuseWrites(RedisRefusal.OUT_OF_MEMORY);
    server.refuseWrites(RedisRefusal.OUT_OF_MEMORY);
    server.takeWrites();

    assertThat(server.command("CONFIG", "GET", "maxmemory")).endsWith("100000000");
  }

  @Test
  void aFailoverIsFollowedOnceTheFormerMasterRefusesAWrite() {
    try (RedisServer replica = RedisServer.builder().replicaOf(server).start()) {
      ((RedisProcess) replica.backing()).log().awaitLine("sync: Finished with success");

      network.failOverTo(replica);
      store.set("k", NEW);

      assertThat(replica.command("ROLE")).startsWith("master");
      assertThat(server.command("ROLE")).startsWith("slave");
      try (StoreRegistry direct = StoreRegistry.create(TimeSource.system())) {
        assertThat(direct.open(replica.url()).get("k")).hasValue(NEW);
      }
    }
  }
}
