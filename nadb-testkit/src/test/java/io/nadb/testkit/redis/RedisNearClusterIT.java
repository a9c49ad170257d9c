package io.nadb.testkit.redis;

import static io.nadb.testkit.redis.NearStores.assertNear;
import static io.nadb.testkit.redis.NearStores.await;
import static io.nadb.testkit.redis.NearStores.bytes;
import static io.nadb.testkit.redis.NearStores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept near of a cluster is never older than it may be, whoever has the slots. */
@Timeout(120)
class RedisNearClusterIT {
  private static final int KEYS = 30;

  /** More numbers than are written. */
  private static final int HISTORY = 20_000;

  private final RedisCluster cluster = RedisCluster.start(3);
  private final List<RedisServer> joined = new ArrayList<>();
  private final StoreRegistry here = StoreRegistry.create(TimeSource.system());
  private final StoreRegistry there = StoreRegistry.create(TimeSource.system());

  @AfterEach
  void close() {
    here.close();
    there.close();
    joined.forEach(RedisServer::close);
    cluster.close();
  }

  private KeyValueStore near(String options) {
    return here.open(cluster.url(("near=1mb&sweep=off" + options).split("&")));
  }

  private KeyValueStore other(String options) {
    return there.open(cluster.url(("sweep=off" + options).split("&")));
  }

  private int slot(String name) {
    return Integer.parseInt(cluster.nodes().get(0).command("CLUSTER", "KEYSLOT", name));
  }

  private RedisServer another(RedisServer owner) {
    return cluster.nodes().stream().filter(node -> node != owner).findFirst().orElseThrow();
  }

  /** A node that has joined the cluster, without slots. */
  private RedisServer join() {
    RedisServer node = RedisServer.builder().config("cluster-enabled", "yes").start();
    joined.add(node);
    for (RedisServer each : cluster.nodes()) {
      node.command("CLUSTER", "MEET", each.host(), Integer.toString(each.port()));
    }
    await(
        "everybody knows the node and is known",
        () ->
            Stream.concat(cluster.nodes().stream(), Stream.of(node))
                .allMatch(each -> each.command("CLUSTER", "INFO").contains("known_nodes:4")));
    await("it knows the slots", () -> node.command("CLUSTER", "INFO").contains("state:ok"));
    return node;
  }

  @Test
  void entriesOfAllNodesAreKeptAndWhatOthersChangeGoes() {
    KeyValueStore store = near("");
    KeyValueStore other = other("");
    for (int i = 0; i < KEYS; i++) {
      other.set("k" + i, bytes("v" + i));
    }
    for (int i = 0; i < KEYS; i++) {
      String key = "k" + i;
      assertNear(store, () -> assertThat(store.get(key)).isPresent());
    }
    for (int i = 0; i < KEYS; i++) {
      String key = "k" + i;
      other.set(key, bytes("changed"));
      await("it is heard of", () -> text(store, key).equals(Optional.of("changed")));
    }
    assertThat(store.stats().nearInvalidations()).isPositive();
    assertThat(store.stats().nearLosses()).isZero();
  }

  @Test
  void anEntryWhoseSlotMovesIsReadWhereItIs() {
    KeyValueStore store = near("&partitions=1");
    KeyValueStore other = other("&partitions=1");
    store.set("k", bytes("0"));
    int slot = slot("nadb:{main:default}:");
    for (int i = 1; i <= 3; i++) {
      assertNear(store, () -> assertThat(store.get("k")).isPresent());
      cluster.moveSlot(slot, another(cluster.owner(slot)));
      String value = Integer.toString(i);
      other.set("k", bytes(value));
      assertReadWithinASecond(store, "k", value);
    }
    await("it is kept again", () -> store.stats().nearFailure().isEmpty());
    assertNear(store, () -> assertThat(text(store, "k")).contains("3"));
  }

  private static void assertReadWithinASecond(KeyValueStore store, String key, String value) {
    long written = System.nanoTime();
    while (true) {
      long asked = System.nanoTime();
      Optional<String> read = text(store, key);
      if (read.equals(Optional.of(value))) {
        return;
      }
      assertThat(asked - written).as("age of " + read).isLessThan(1_000_000_000);
    }
  }

  /** Nobody listens to the node that makes the key, nor tells that its slot has gone there. */
  @Test
  void aKeyThatIsMadeOnANewNodeIsMissingForNoLongerThanASecond() {
    KeyValueStore store = near("&partitions=1");
    assertNear(store, () -> assertThat(store.get("k")).isEmpty());
    KeyValueStore other = other("&partitions=1");
    RedisServer fresh = join();
    int slot = slot("nadb:{main:default}:");
    String number = Integer.toString(slot);
    RedisServer source = cluster.owner(slot);
    String id = fresh.command("CLUSTER", "MYID");
    fresh.command("CLUSTER", "SETSLOT", number, "IMPORTING", source.command("CLUSTER", "MYID"));
    source.command("CLUSTER", "SETSLOT", number, "MIGRATING", id);
    other.set("other", bytes("v")); // There, since it is new.
    fresh.command("CLUSTER", "SETSLOT", number, "NODE", id);
    source.command("CLUSTER", "SETSLOT", number, "NODE", id);
    other.set("k", bytes("v"));
    assertReadWithinASecond(store, "k", "v");

    assertNear(store, () -> assertThat(store.get("k")).isPresent());
    other.set("k", bytes("w"));
    assertReadWithinASecond(store, "k", "w");
  }

  @Test
  void whenAReplicaTakesOverNothingIsAnsweredFromBefore() {
    KeyValueStore store = near("&partitions=1");
    store.set("k", bytes("0"));
    RedisServer master = cluster.owner(slot("nadb:{main:default}:"));
    RedisServer replica = join();
    replica.command("CLUSTER", "REPLICATE", master.command("CLUSTER", "MYID"));
    awaitCopy(replica);
    // Its first replica has a master begin a new history, as one that was a replica has another.
    await("another history is noticed", () -> store.stats().nearLosses() > 0);
    await("it is kept again", () -> store.stats().nearFailure().isEmpty());
    assertNear(store, () -> assertThat(store.get("k")).isPresent());

    KeyValueStore other = other("&partitions=1");
    takeOver(replica, store, "CLUSTER", "FAILOVER");
    other.set("k", bytes("1"));
    assertReadWithinASecond(store, "k", "1");
    assertNear(store, () -> assertThat(text(store, "k")).contains("1"));
    other.set("k", bytes("2"));
    assertReadWithinASecond(store, "k", "2");

    // There are connections to it still, so nobody meets it anew; the others would not vote so
    // soon.
    takeOver(master, store, "CLUSTER", "FAILOVER", "TAKEOVER");
    assertNear(store, () -> assertThat(text(store, "k")).contains("2"));
    other.set("k", bytes("3"));
    assertReadWithinASecond(store, "k", "3");
  }

  private static void awaitCopy(RedisServer replica) {
    await(
        "it has a copy",
        () -> replica.command("INFO", "replication").contains("master_link_status:up"));
  }

  /** Has a replica become the master, and waits until that is noticed. */
  private static void takeOver(RedisServer replica, KeyValueStore store, String... command) {
    awaitCopy(replica);
    long losses = store.stats().nearLosses();
    replica.command(command);
    await(
        "it has taken over", () -> replica.command("INFO", "replication").contains("role:master"));
    await("that is noticed", () -> store.stats().nearLosses() > losses);
  }

  @Test
  void aNodeThatIsGoneIsToldOfAndNothingIsAnsweredForIt() {
    KeyValueStore store = near("&timeout=500ms");
    for (int i = 0; i < KEYS; i++) {
      store.set("k" + i, bytes("v"));
    }
    assertNear(store, () -> assertThat(store.get("k0")).isPresent());
    RedisServer gone = cluster.nodes().get(1);
    gone.kill();
    await("it is told", () -> store.stats().nearFailure().isPresent());

    assertThat(store.stats().nearLag()).isZero();
    assertThatThrownBy(() -> readAll(store)).isInstanceOf(NadbException.class);
    gone.restart();
    cluster.awaitOk();
    await("it is kept again", () -> store.stats().nearFailure().isEmpty());
    assertNear(store, () -> store.get("k0"));
  }

  private static void readAll(KeyValueStore store) {
    for (int i = 0; i < KEYS; i++) {
      store.get("k" + i);
    }
  }

  @Test
  void aUserNeedsNoMoreThanThePageSays() throws IOException {
    List<String> page = Files.readAllLines(Path.of("..", "docs", "redis.md"));
    Stream<String> rules =
        Stream.of("ACL SETUSER app ", "+client|id", "+cluster|info")
            .map(start -> page.stream().filter(line -> line.startsWith(start)).findFirst())
            .flatMap(line -> Stream.of(line.orElseThrow().split(" ")));
    String[] user = rules.toArray(String[]::new);
    cluster.nodes().forEach(node -> node.command(user));
    String url = "nadb:redis-cluster://app:secret@" + cluster.endpoints() + "?near=1mb&sweep=off";

    KeyValueStore store = here.open(url);
    store.set("k", bytes("v"));
    assertNear(store, () -> assertThat(store.get("k")).isPresent());

    cluster.nodes().forEach(node -> node.command("ACL", "SETUSER", "app", "-cluster|info"));
    assertThatThrownBy(() -> there.open(url))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("cluster|info")
        .hasMessageContaining("option near");
  }

  /**
   * One JVM sets numbers; whoever reads from near sees at least the number that was acknowledged a
   * second before he asked, while slots move, connections are cut and nodes are emptied.
   */
  @Test
  void noReadIsOlderThanASecondWhateverMoves() throws InterruptedException {
    KeyValueStore store = near("&timeout=2s&partitions=4");
    KeyValueStore other = other("&timeout=2s&partitions=4");
    AtomicLongArray acknowledged = new AtomicLongArray(KEYS * HISTORY); // Nanoseconds by number.
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    List<String> stale = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    threads.add(new Thread(() -> write(other, acknowledged, over)));
    for (int reader = 0; reader < 2; reader++) {
      Random random = new Random(reader);
      threads.add(
          new Thread(
              () -> {
                while (!over.get()) {
                  read(store, random.nextInt(KEYS), acknowledged, stale);
                  reads.incrementAndGet();
                }
              }));
    }
    threads.forEach(Thread::start);
    try {
      int[] slots =
          Stream.of(0, 1, 2, 3).mapToInt(i -> slot("nadb:{main:default:" + i + "}:")).toArray();
      for (int round = 0; round < 4; round++) {
        for (int slot : slots) {
          cluster.moveSlot(slot, another(cluster.owner(slot)));
          LockSupport.parkNanos(150_000_000);
        }
        cluster.nodes().get(round % 3).command("CLIENT", "KILL", "TYPE", "pubsub");
        LockSupport.parkNanos(600_000_000);
      }
    } finally {
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(stale).isEmpty();
    assertThat(reads).hasValueGreaterThan(1000);
    assertThat(store.stats().nearHits()).isPositive();
  }

  private static void write(KeyValueStore store, AtomicLongArray acknowledged, AtomicBoolean over) {
    for (int number = 1; number < HISTORY && !over.get(); number++) {
      for (int key = 0; key < KEYS && !over.get(); key++) {
        try {
          store.set("k" + key, bytes(Integer.toString(number)));
          acknowledged.set(key * HISTORY + number, System.nanoTime());
        } catch (NadbException e) {
          // In doubt: nobody has to see it.
        }
      }
    }
  }

  private static void read(
      KeyValueStore store, int key, AtomicLongArray acknowledged, List<String> stale) {
    long asked = System.nanoTime();
    try {
      int seen = text(store, "k" + key).map(Integer::parseInt).orElse(0);
      for (int later = seen + 1; later < seen + 50 && later < HISTORY; later++) {
        long written = acknowledged.get(key * HISTORY + later);
        if (written != 0 && asked - written > 1_000_000_000L) {
          stale.add("k" + key + "=" + seen + ", " + (asked - written) / 1_000_000 + " ms");
          return;
        }
      }
    } catch (NadbException e) {
      // An error is no answer.
    }
  }
}
