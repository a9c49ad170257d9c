package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cluster whose slots move, and whose nodes go. */
class RedisClusterFaultsIT {
  private static final String START = "nadb:{main:default}:";

  private final RedisCluster cluster = RedisCluster.start(3);
  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());

  @AfterEach
  void close() {
    registry.close();
    cluster.close();
  }

  private KeyValueStore open(String options) {
    return registry.open("nadb:redis-cluster://" + cluster.endpoints() + "?sweep=off" + options);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static List<String> hits(KeyValueStore store, String... tags) {
    return store.queryByTags(tags).stream().map(EntryMetadata::key).toList();
  }

  private int slot() {
    return Integer.parseInt(cluster.nodes().get(0).command("CLUSTER", "KEYSLOT", START));
  }

  private RedisServer another(RedisServer owner) {
    return cluster.nodes().stream().filter(node -> node != owner).findFirst().orElseThrow();
  }

  @Test
  void aSlotThatHasMovedIsFound() {
    KeyValueStore store = open("&partitions=1");
    store.set("k", bytes("v"), SetOptions.tags("t"));
    cluster.moveSlot(slot(), another(cluster.owner(slot())));

    assertThat(store.get("k")).contains(bytes("v"));
    assertThat(hits(store, "t")).containsExactly("k");
    store.set("k", bytes("w"), SetOptions.tags("u"));
    assertThat(hits(store, "u")).containsExactly("k");
    assertThat(store.keys("")).containsExactly("k");
    long before = redirections();
    for (int i = 0; i < 10; i++) {
      store.get("k");
    }
    assertThat(redirections()).as("it remembers where the slot is").isEqualTo(before);
  }

  /** How often the nodes have answered that somebody else has a slot. */
  private long redirections() {
    return cluster.nodes().stream().mapToLong(node -> errors(node, "MOVED")).sum();
  }

  /** How often a node has answered with an error. */
  private static long errors(RedisServer node, String code) {
    Matcher count =
        Pattern.compile("errorstat_" + code + ":count=([0-9]+)")
            .matcher(node.command("INFO", "errorstats"));
    return count.find() ? Long.parseLong(count.group(1)) : 0;
  }

  private static void awaitErrors(RedisServer node, String code, long count) {
    while (errors(node, code) < count) {
      Thread.onSpinWait(); // The caller is just asking again.
    }
  }

  @Test
  void twoNodesThatReferToEachOtherAreAskedUntilTheyAgree() {
    KeyValueStore store = open("&partitions=1&timeout=60s");
    assertThat(store.get("k")).as("it knows the cluster").isEmpty();
    String slot = Integer.toString(slot());
    RedisServer source = cluster.owner(slot());
    RedisServer target = another(source);
    String targetId = target.command("CLUSTER", "MYID");
    source.command("CLUSTER", "SETSLOT", slot, "NODE", targetId);

    CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(() -> store.contains("k"));
    awaitErrors(source, "MOVED", 10);
    assertThat(answer).isNotDone();
    target.command("CLUSTER", "SETSLOT", slot, "NODE", targetId);

    assertThat(answer.join()).isFalse();
  }

  @Test
  void halfMovedNothingIsAnsweredWrongly() {
    KeyValueStore store = open("&partitions=1");
    for (int i = 0; i < 10; i++) {
      store.set("k" + i, bytes("v" + i), SetOptions.tags("t"));
    }
    store.set("plain", bytes("v"));
    String slot = Integer.toString(slot());
    RedisServer source = cluster.owner(slot());
    RedisServer target = another(source);
    target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source.command("CLUSTER", "MYID"));
    source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target.command("CLUSTER", "MYID"));

    migrate(source, target, START + "e:k1", START + "e:k3", START + "e:plain");
    assertAnswers(store, "the index is in the old place, entries in both");
    migrate(source, target, START + "i:t");
    assertAnswers(store, "the index is in the new place, entries in both");
    store.set("plain", bytes("changed"));
    store.set("new", bytes("v"));
    assertThat(store.delete("k1")).isTrue();
    assertThat(store.get("plain")).contains(bytes("changed"));
    assertThat(hits(store, "t")).doesNotContain("k1").hasSize(9);

    cluster.moveSlot(slot(), target);
    assertThat(hits(store, "t"))
        .containsExactly("k0", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9");
    assertThat(store.tags()).containsOnlyKeys("t").containsValue(9L);
    assertThat(store.get("new")).isPresent();
  }

  @Test
  void aWriteWhoseIndexIsElsewhereIsRefusedUntilTheSlotHasMoved() {
    KeyValueStore store = open("&partitions=1&timeout=200ms");
    store.set("k", bytes("v"), SetOptions.tags("t"));
    RedisServer target = moveOnlyTheIndex();

    assertThatThrownBy(() -> store.set("k", bytes("w"), SetOptions.tags("t", "u")))
        .isInstanceOfSatisfying(
            NadbConnectionException.class, e -> assertThat(e.inDoubt()).isFalse())
        .hasMessageContaining("is being moved");
    cluster.moveSlot(slot(), target);
    assertThat(store.get("k")).contains(bytes("v"));
    assertThat(hits(store, "u")).isEmpty();
    store.set("k", bytes("w"), SetOptions.tags("t", "u"));
    assertThat(hits(store, "t", "u")).containsExactly("k");
  }

  @Test
  void aWriteWhoseIndexIsElsewhereWaitsForItsSlot() {
    KeyValueStore store = open("&partitions=1&timeout=60s");
    store.set("k", bytes("v"), SetOptions.tags("t"));
    RedisServer source = cluster.owner(slot());
    RedisServer target = moveOnlyTheIndex();

    CompletableFuture<Void> write =
        CompletableFuture.runAsync(() -> store.set("k", bytes("w"), SetOptions.tags("t", "u")));
    awaitErrors(source, "TRYAGAIN", 10);
    assertThat(write).isNotDone();
    cluster.moveSlot(slot(), target);

    write.join();
    assertThat(store.get("k")).contains(bytes("w"));
    assertThat(hits(store, "t", "u")).containsExactly("k");
  }

  /** Begins to move the slot of the only partition; returns the node where it will be. */
  private RedisServer moveOnlyTheIndex() {
    String slot = Integer.toString(slot());
    RedisServer source = cluster.owner(slot());
    RedisServer target = another(source);
    target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source.command("CLUSTER", "MYID"));
    source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target.command("CLUSTER", "MYID"));
    migrate(source, target, START + "i:t");
    return target;
  }

  @Test
  void whatAnIndexHasTooMuchDoesNoHarmWhileItsSlotIsHalfMoved() {
    KeyValueStore store = open("&partitions=1");
    store.set("gone", bytes("v"), SetOptions.tags("t"));
    store.set("kept", bytes("v"), SetOptions.tags("t"));
    String slot = Integer.toString(slot());
    RedisServer source = cluster.owner(slot());
    RedisServer target = another(source);
    source.command("DEL", START + "e:gone");
    target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source.command("CLUSTER", "MYID"));
    source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target.command("CLUSTER", "MYID"));

    assertThat(hits(store, "t")).containsExactly("kept");
    migrate(source, target, START + "i:t");
    assertThat(hits(store, "t")).containsExactly("kept");
    cluster.moveSlot(slot(), target);
    assertThat(hits(store, "t")).containsExactly("kept");
    assertThat(target.command("ZRANGE", START + "i:t", "0", "-1")).isEqualTo("kept");
  }

  @Test
  void aFlushGoesOnWhileItsSlotIsHalfMoved() {
    KeyValueStore store = open("&partitions=1&buffer=1mb&flush=off");
    for (int i = 0; i < 10; i++) {
      store.set("k" + i, bytes("old"));
    }
    store.flush();
    String slot = Integer.toString(slot());
    RedisServer source = cluster.owner(slot());
    RedisServer target = another(source);
    target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source.command("CLUSTER", "MYID"));
    source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target.command("CLUSTER", "MYID"));
    migrate(source, target, START + "e:k1", START + "e:k3");

    for (int i = 0; i < 20; i++) {
      store.set("k" + i, bytes("some" + i));
    }
    store.flush();
    migrate(source, target, START + "e:k0");
    store.set("all new", bytes("v"));
    store.flush();

    cluster.moveSlot(slot(), target);
    for (int i = 0; i < 20; i++) {
      assertThat(store.get("k" + i)).contains(bytes("some" + i));
    }
    assertThat(store.keys("")).hasSize(21);
  }

  private static void assertAnswers(KeyValueStore store, String where) {
    for (int i = 0; i < 10; i++) {
      assertThat(store.get("k" + i)).as(where).contains(bytes("v" + i));
    }
    assertThat(hits(store, "t")).as(where).hasSize(10);
    assertThat(store.tags()).as(where).containsOnlyKeys("t").containsValue(10L);
    assertThat(store.get("absent")).as(where).isEmpty();
  }

  private static void migrate(RedisServer source, RedisServer target, String... keys) {
    for (String key : keys) {
      source.command("MIGRATE", target.host(), Integer.toString(target.port()), key, "0", "5000");
    }
  }

  @Test
  void whatIsAcknowledgedWhileASlotMovesIsThere() throws Exception {
    KeyValueStore store = open("&partitions=1");
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    TreeMap<String, String> acknowledged = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      acknowledged.put("k" + i, "first");
      store.set("k" + i, bytes("first"), SetOptions.tags("t"));
    }
    Thread writer =
        new Thread(
            () -> {
              for (int round = 0; !done.get(); round++) {
                String key = "k" + round % 300;
                String value = "v" + round;
                try {
                  store.set(key, bytes(value), SetOptions.tags("t"));
                  acknowledged.put(key, value);
                } catch (NadbConnectionException e) {
                  assertThat(e.inDoubt()).as("%s", e).isFalse();
                }
              }
            });
    writer.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
    writer.start();
    for (int move = 0; move < 6; move++) {
      cluster.moveSlot(slot(), another(cluster.owner(slot())));
      assertThat(store.contains("k7")).isTrue();
    }
    done.set(true);
    writer.join();

    assertThat(failure.get()).isNull();
    acknowledged.forEach((key, value) -> assertThat(store.get(key)).contains(bytes(value)));
    assertThat(hits(store, "t")).containsExactlyElementsOf(acknowledged.keySet());
  }

  @Test
  void aNodeThatIsDownIsAnErrorUntilItIsBack() {
    KeyValueStore store = open("&timeout=1s");
    for (int i = 0; i < 100; i++) {
      store.set("k" + i, bytes("v"), SetOptions.tags("t"));
    }
    RedisServer lost = cluster.nodes().get(1);
    lost.kill();

    int failed = 0;
    for (int i = 0; i < 100; i++) {
      try {
        assertThat(store.get("k" + i)).as("there, or an error").isPresent();
      } catch (NadbException e) {
        failed++;
      }
    }
    assertThat(failed).isPositive();
    assertThatThrownBy(() -> store.queryByTags("t")).isInstanceOf(NadbException.class);
    assertThatThrownBy(() -> store.keys("")).isInstanceOf(NadbException.class);
    lost.restart();
    cluster.awaitOk();

    store.set("k", bytes("v"), SetOptions.tags("u"));
    assertThat(hits(store, "u")).containsExactly("k");
    for (int i = 0; i < 100; i++) {
      store.set("k" + i, bytes("v"), SetOptions.tags("t"));
    }
    assertThat(hits(store, "t")).hasSize(100);
  }

  @Test
  void theWrongKindOfUrlIsAnErrorThatSaysTheRightOne() {
    assertThatThrownBy(
            () -> registry.open("nadb:redis://" + cluster.nodes().get(0).endpoint() + "?db=x"))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("belongs to a cluster; write nadb:redis-cluster://");
    try (RedisServer single = RedisServer.start()) {
      assertThatThrownBy(() -> registry.open("nadb:redis-cluster://" + single.endpoint()))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("is no cluster; write nadb:redis://");
    }
  }
}
