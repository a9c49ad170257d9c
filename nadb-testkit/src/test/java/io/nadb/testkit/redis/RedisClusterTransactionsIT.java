package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ConflictException;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions on a cluster: of one partition, wherever it moves. */
class RedisClusterTransactionsIT {
  private static final String START = "nadb:{main:default}:";
  private static final SetOptions TAGGED = SetOptions.ttl(ofHours(1)).withTags("t");

  private final RedisCluster cluster = RedisCluster.start(3);
  private final StoreRegistry here = StoreRegistry.create(TimeSource.system());
  private final StoreRegistry there = StoreRegistry.create(TimeSource.system());

  @AfterEach
  void close() {
    here.close();
    there.close();
    cluster.close();
  }

  private KeyValueStore open(StoreRegistry registry, String options) {
    return registry.open("nadb:redis-cluster://" + cluster.endpoints() + "?sweep=off" + options);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static long number(Transaction transaction, String key) {
    return Long.parseLong(new String(transaction.get(key).orElseThrow(), UTF_8));
  }

  private static void add(Transaction transaction, String key, long delta) {
    SetOptions keeping = SetOptions.none().keepingTags().keepingTtl();
    transaction.set(key, bytes(Long.toString(number(transaction, key) + delta)), keeping);
  }

  private int slot() {
    return Integer.parseInt(cluster.nodes().get(0).command("CLUSTER", "KEYSLOT", START));
  }

  private RedisServer another(RedisServer owner) {
    return cluster.nodes().stream().filter(node -> node != owner).findFirst().orElseThrow();
  }

  private long commands() {
    return cluster.nodes().stream()
        .flatMap(node -> node.command("INFO", "stats").lines())
        .filter(line -> line.startsWith("total_commands_processed:"))
        .mapToLong(line -> Long.parseLong(line.strip().replaceAll(".*:", "")))
        .sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb&flush=off"})
  void keysOfTwoPartitionsAreRefusedByNameBeforeAnythingIsSent(String options) {
    KeyValueStore store = open(here, options);
    KeyValueStore other = open(there, "");
    other.set("alice", bytes("1"));
    try (Transaction transaction = store.begin()) {
      assertThat(transaction.get("alice")).contains(bytes("1"));
      transaction.set("alice", bytes("2"));
      long before = commands();
      for (Runnable second :
          List.<Runnable>of(
              () -> transaction.get("bob"),
              () -> transaction.contains("bob"),
              () -> transaction.delete("bob"),
              () -> transaction.set("bob", bytes("2")),
              () -> transaction.set("bob", bytes("2"), SetOptions.none().keepingTags()))) {
        assertThatThrownBy(second::run)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("'alice'")
            .hasMessageContaining("'bob'")
            .hasMessageContaining("two partitions")
            .hasMessageContaining("partitions=1");
      }
      assertThatThrownBy(() -> transaction.namespace("other").set("alice", bytes("2")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the namespaces 'default' and 'other'");
      assertThat(commands() - before).as("the questions themselves").isEqualTo(3);
      transaction.commit();
    }

    assertThat(other.get("alice")).as("what was refused is not part of it").contains(bytes("2"));
    assertThat(other.contains("bob")).isFalse();
  }

  @Test
  void keysWithTheSameTextInBracesChangeTogether() {
    KeyValueStore store = open(here, "");
    store.set("{order:7}:items", bytes("1"), TAGGED);
    store.transaction(
        transaction -> {
          add(transaction, "{order:7}:items", 1);
          transaction.set("{order:7}:state", bytes("open"), TAGGED);
          transaction.set("order:7", bytes("v"));
          return null;
        });

    KeyValueStore seen = open(there, "");
    assertThat(seen.queryByTags("t").stream().map(EntryMetadata::key))
        .containsExactly("{order:7}:items", "{order:7}:state");
    assertThat(seen.get("{order:7}:items")).contains(bytes("2"));
    assertThat(seen.keys("order")).containsExactly("order:7");
  }

  @Test
  void aSlotThatMovesBetweenReadAndCommitIsFollowed() {
    KeyValueStore store = open(here, "&partitions=1");
    store.set("a", bytes("1"), TAGGED);
    try (Transaction transaction = store.begin()) {
      add(transaction, "a", 1);
      transaction.set("b", bytes("1"), TAGGED);
      cluster.moveSlot(slot(), another(cluster.owner(slot())));
      transaction.commit();
    }
    try (Transaction transaction = store.begin()) {
      add(transaction, "a", 1);
      open(there, "").increment("a", 5);
      cluster.moveSlot(slot(), another(cluster.owner(slot())));
      assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
    }

    assertThat(store.get("a")).contains(bytes("7"));
    assertThat(store.queryByTags("t")).hasSize(2);
  }

  /** Begins to move the slot of the only partition, with one of its keys; returns where to. */
  private RedisServer moveHalf(String key) {
    String slot = Integer.toString(slot());
    RedisServer source = cluster.owner(slot());
    RedisServer target = another(source);
    target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source.command("CLUSTER", "MYID"));
    source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target.command("CLUSTER", "MYID"));
    String port = Integer.toString(target.port());
    source.command("MIGRATE", target.host(), port, START + key, "0", "5000");
    return target;
  }

  @Test
  void aCommitWhoseIndexIsElsewhereWaitsForItsSlot() {
    KeyValueStore store = open(here, "&partitions=1&timeout=60s");
    store.set("a", bytes("1"));
    store.set("b", bytes("1"), TAGGED);
    RedisServer source = cluster.owner(slot());
    RedisServer target = moveHalf("i:t");
    CompletableFuture<Void> committed =
        CompletableFuture.runAsync(
            () ->
                store.transaction(
                    transaction -> {
                      transaction.set("a", bytes("2"), SetOptions.tags("t"));
                      return transaction.get("a");
                    }));
    while (!source.command("INFO", "errorstats").contains("errorstat_TRYAGAIN")
        && !committed.isDone()) {
      Thread.onSpinWait(); // It is just asking again.
    }
    assertThat(committed).isNotDone();
    assertThat(open(there, "").get("a")).contains(bytes("1"));
    cluster.moveSlot(slot(), target);
    committed.join();

    assertThat(store.queryByTags("t").stream().map(EntryMetadata::key)).containsExactly("a", "b");
  }

  @Test
  void aCommitWhoseKeysAreHereAndThereWaitsForItsSlotAndSaysSoIfItDoesNotCome() {
    KeyValueStore store = open(here, "&partitions=1&timeout=200ms");
    store.set("a", bytes("1"), TAGGED);
    store.set("b", bytes("1"), TAGGED);
    RedisServer target = moveHalf("e:a");
    int[] runs = new int[1];
    assertThatThrownBy(
            () ->
                store.transaction(
                    transaction -> {
                      add(transaction, "a", 1);
                      add(transaction, "b", -1);
                      return runs[0]++;
                    }))
        .isInstanceOfSatisfying(
            NadbConnectionException.class, e -> assertThat(e.inDoubt()).isFalse())
        .hasMessageContaining("is being moved");
    assertThat(runs[0]).isEqualTo(1);
    assertThat(store.get("a")).contains(bytes("1"));
    assertThat(store.get("b")).contains(bytes("1"));

    CompletableFuture<Long> committed =
        CompletableFuture.supplyAsync(
            () ->
                open(there, "&timeout=60s")
                    .transaction(
                        transaction -> {
                          add(transaction, "a", 1);
                          add(transaction, "b", -1);
                          return number(transaction, "a");
                        }));
    assertThat(committed).isNotDone();
    cluster.moveSlot(slot(), target);
    assertThat(committed.join()).isEqualTo(2);
    assertThat(store.get("b")).contains(bytes("0"));
  }

  @Test
  void noTransferIsLostOrDoubledWhileItsSlotMoves() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong acknowledged = new AtomicLong();
    List<CompletableFuture<?>> running = new ArrayList<>();
    KeyValueStore store = open(here, "&partitions=1");
    store.set("from", bytes("0"), TAGGED);
    store.set("to", bytes("0"));
    for (KeyValueStore each : List.of(store, open(there, "&partitions=1"))) {
      running.add(
          CompletableFuture.runAsync(
              () -> {
                while (!done.get()) {
                  try {
                    each.transaction(
                        transaction -> {
                          add(transaction, "from", -1);
                          add(transaction, "to", 1);
                          return null;
                        });
                    acknowledged.incrementAndGet();
                  } catch (NadbConnectionException e) {
                    assertThat(e.inDoubt()).as("%s", e).isFalse();
                  }
                }
              }));
    }
    for (int move = 0; move < 6; move++) {
      cluster.moveSlot(slot(), another(cluster.owner(slot())));
      long before = acknowledged.get();
      while (acknowledged.get() < before + 20
          && running.stream().noneMatch(CompletableFuture::isDone)) {
        Thread.onSpinWait();
      }
    }
    done.set(true);
    for (CompletableFuture<?> each : running) {
      each.get();
    }

    assertThat(store.get("to")).contains(bytes(Long.toString(acknowledged.get())));
    assertThat(store.get("from")).contains(bytes(Long.toString(-acknowledged.get())));
    assertThat(store.queryByTags("t")).hasSize(1);
  }
}
