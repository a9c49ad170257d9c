package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes that depend on what is there, on a cluster whose slots move. */
class RedisClusterChangesIT {
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

  private static List<String> hits(KeyValueStore store, String tag) {
    return store.queryByTags(tag).stream().map(EntryMetadata::key).toList();
  }

  private int slot() {
    return Integer.parseInt(cluster.nodes().get(0).command("CLUSTER", "KEYSLOT", START));
  }

  private RedisServer another(RedisServer owner) {
    return cluster.nodes().stream().filter(node -> node != owner).findFirst().orElseThrow();
  }

  /** Begins to move the slot of the only partition, with some of its keys; returns where to. */
  private RedisServer moveHalf(String... keys) {
    String slot = Integer.toString(slot());
    RedisServer source = cluster.owner(slot());
    RedisServer target = another(source);
    target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source.command("CLUSTER", "MYID"));
    source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target.command("CLUSTER", "MYID"));
    for (String key : keys) {
      source.command(
          "MIGRATE", target.host(), Integer.toString(target.port()), START + key, "0", "5000");
    }
    return target;
  }

  @Test
  void aChangeInPlaceIsMadeWhereTheEntryIsHoweverMuchOfItsSlotHasMoved() {
    KeyValueStore store = open(here, "&partitions=1");
    for (String key : List.of("here", "gone", "untouched", "removed")) {
      store.set(key, bytes("1"), TAGGED);
    }
    RedisServer target = moveHalf("e:gone", "e:removed");

    for (String key : List.of("here", "gone", "new")) {
      assertThat(store.setIfAbsent(key, bytes("1"))).as(key).isEqualTo(key.equals("new"));
      assertThat(store.setIfAbsent(key, bytes("1"))).as(key).isFalse();
      assertThat(store.increment(key, 1)).as(key).isEqualTo(2);
      assertThat(store.replace(key, bytes("1"), bytes("3"))).as(key).isFalse();
      assertThat(store.replace(key, bytes("2"), bytes("3"))).as(key).isTrue();
      store.compute(key, old -> Optional.of(bytes(new String(old.orElseThrow(), UTF_8) + "!")));
    }
    assertThat(store.delete("removed", bytes("2"))).isFalse();
    assertThat(store.delete("removed", bytes("1"))).isTrue();
    assertThat(store.getAndDelete("absent")).isEmpty();
    assertThat(store.delete("absent", bytes("1"))).isFalse();
    cluster.moveSlot(slot(), target);

    for (String key : List.of("here", "gone", "new")) {
      assertThat(store.get(key)).as(key).contains(bytes("3!"));
    }
    assertThat(hits(store, "t")).containsExactly("gone", "here", "untouched");
    assertThat(store.metadata("gone").orElseThrow().expiresAt()).isPresent();
    assertThat(target.command("ZRANGE", START + "i:t", "0", "-1").lines())
        .containsExactly("gone", "here", "untouched");
  }

  @Test
  void aChangeWhoseIndexIsElsewhereIsRefusedUntilTheSlotHasMoved() {
    KeyValueStore store = open(here, "&partitions=1&timeout=200ms");
    store.set("k", bytes("v"), TAGGED);
    RedisServer target = moveHalf("e:k");

    assertRefused(() -> store.touch("k", ofHours(2)));
    assertRefused(() -> store.setIfPresent("k", bytes("w"), SetOptions.tags("u", "t")));
    assertRefused(() -> store.setIfPresent("k", bytes("w"), SetOptions.none().keepingTtl()));
    assertRefused(() -> store.getAndSet("k", bytes("w"), SetOptions.ttl(ofHours(1))));
    assertThat(store.get("k")).contains(bytes("v"));
    cluster.moveSlot(slot(), target);
    assertThat(store.touch("k", ofHours(2))).isTrue();
    assertThat(store.setIfPresent("k", bytes("w"), SetOptions.tags("u"))).isTrue();
    assertThat(hits(store, "u")).containsExactly("k");
    assertThat(hits(store, "t")).isEmpty();
  }

  private static void assertRefused(Runnable change) {
    assertThatThrownBy(change::run)
        .isInstanceOfSatisfying(
            NadbConnectionException.class, e -> assertThat(e.inDoubt()).isFalse())
        .hasMessageContaining("is being moved");
  }

  @Test
  void incrementsAreNeitherLostNorDoubledWhileTheirSlotMoves() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong acknowledged = new AtomicLong();
    List<CompletableFuture<?>> running = new ArrayList<>();
    KeyValueStore store = open(here, "&partitions=1");
    store.set("counted", bytes("0"), TAGGED);
    for (KeyValueStore each : List.of(store, open(there, "&partitions=1"))) {
      running.add(
          CompletableFuture.runAsync(
              () -> {
                while (!done.get()) {
                  try {
                    each.increment("counted", 1);
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

    assertThat(store.get("counted")).contains(bytes(Long.toString(acknowledged.get())));
    assertThat(hits(store, "t")).containsExactly("counted");
    assertThat(store.metadata("counted").orElseThrow().expiresAt()).isPresent();
  }
}
