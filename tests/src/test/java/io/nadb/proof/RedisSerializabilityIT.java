package io.nadb.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.proof.AppendHistory.Op;
import io.nadb.proof.AppendHistory.Outcome;
import io.nadb.proof.AppendHistory.Txn;
import io.nadb.testing.ChildJvm;
import io.nadb.testkit.redis.RedisCluster;
import io.nadb.testkit.redis.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two processes run transactions and single calls on a few keys of a server or a cluster, while
 * their connections are killed or their slot moves; afterwards the whole history is checked.
 *
 * <p>{@code -Dnadb.appends.transactions=50000} for longer ones, {@code -Dnadb.appends.seed} for the
 * same ones again, as far as threads do the same.
 */
class RedisSerializabilityIT {
  private static final int PROCESSES = 2;
  private static final int THREADS = 3;
  private static final int TRANSACTIONS = Integer.getInteger("nadb.appends.transactions", 2_000);
  private static final int DISTURBED_AFTER = 100;

  private final long seed = Long.getLong("nadb.appends.seed", new Random().nextLong());

  /** What happens to the server meanwhile. */
  @FunctionalInterface
  private interface Disturbance {
    void happen();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&partitions=4", "&buffer=1mb&flush=off"})
  void someOrderExplainsAllThatWasSeenOnAServer(String options) throws Exception {
    try (RedisServer server = RedisServer.start()) {
      assertExplained(server.url("sweep=off") + options, () -> {});
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb&flush=off"})
  void someOrderExplainsAllThatWasSeenWhileConnectionsAreKilled(String options) throws Exception {
    try (RedisServer server = RedisServer.start()) {
      AppendHistory history =
          assertExplained(
              server.url("sweep=off") + options,
              () -> server.command("CLIENT", "KILL", "TYPE", "normal"));
      assertThat(history.count(Outcome.UNKNOWN)).as("of which nobody knows").isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void someOrderExplainsAllThatWasSeenWhileTheSlotMoves(boolean kills) throws Exception {
    try (RedisCluster cluster = RedisCluster.start(3)) {
      int slot =
          Integer.parseInt(
              cluster.nodes().get(0).command("CLUSTER", "KEYSLOT", "nadb:{main:default}:"));
      AtomicInteger moves = new AtomicInteger();
      assertExplained(
          cluster.url("sweep=off", "partitions=1"),
          () -> {
            RedisServer owner = cluster.owner(slot);
            cluster.nodes().stream()
                .filter(node -> node != owner)
                .findAny()
                .ifPresent(node -> cluster.moveSlot(slot, node));
            if (moves.incrementAndGet() % 2 == 0 && kills) {
              cluster.nodes().forEach(node -> node.command("CLIENT", "KILL", "TYPE", "normal"));
            }
          });
      assertThat(moves).hasPositiveValue();
    }
  }

  private AppendHistory assertExplained(String url, Disturbance disturbance) throws Exception {
    AppendHistory history = new AppendHistory();
    ExecutorService readers = Executors.newFixedThreadPool(PROCESSES);
    AtomicInteger lines = new AtomicInteger();
    List<Future<List<Txn>>> running = new ArrayList<>();
    List<ChildJvm> children = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      children.add(start(url, i));
    }
    for (ChildJvm child : children) {
      assertThat(child.line()).isEqualTo("open");
    }
    for (ChildJvm child : children) {
      child.release();
      running.add(readers.submit(read(child, lines, disturbance)));
    }
    for (Future<List<Txn>> each : running) {
      history.add(each.get());
    }
    readers.shutdown();
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(url)) {
      List<Op> last = new ArrayList<>();
      for (String key : history.keys()) {
        String list = store.get(key).map(value -> new String(value, UTF_8)).orElse("");
        last.add(Op.read(key, Txn.numbers(list)));
      }
      long now = System.nanoTime();
      history.add(List.of(new Txn(now, now, Outcome.COMMITTED, last)));
    }

    assertThat(history.check()).as("seed %s", seed).isEmpty();
    assertThat(history.count(Outcome.COMMITTED)).isGreaterThan(TRANSACTIONS);
    assertThat(history.count(Outcome.FAILED)).as("that got in each other's way").isPositive();
    return history;
  }

  private static Callable<List<Txn>> read(
      ChildJvm child, AtomicInteger lines, Disturbance disturbance) {
    return () -> {
      List<Txn> said = new ArrayList<>();
      try (child) {
        for (String line = child.line(); !line.isEmpty(); line = child.line()) {
          said.add(Txn.of(line));
          if (lines.incrementAndGet() % DISTURBED_AFTER == 0) {
            synchronized (lines) {
              disturbance.happen();
            }
          }
        }
        assertThat(child.exitCode()).isZero();
      }
      return said;
    };
  }

  private ChildJvm start(String url, int process) throws IOException {
    return ChildJvm.startWith(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        AppendChild.class,
        url,
        Long.toString(seed),
        Integer.toString(process),
        Integer.toString(THREADS),
        Integer.toString(TRANSACTIONS / THREADS));
  }
}
