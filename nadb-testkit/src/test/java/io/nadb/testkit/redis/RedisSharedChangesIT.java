package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreState;
import io.nadb.Transaction;
import io.nadb.testkit.Crash;
import io.nadb.testkit.CrashReport;
import io.nadb.testkit.NadbAssertions;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes that depend on what is there, where others write meanwhile and calls fail. */
class RedisSharedChangesIT extends SharedServer {
  private static final SetOptions KEEPING = SetOptions.none().keepingTags().keepingTtl();

  private static String text(Optional<byte[]> value) {
    return value.map(bytes -> new String(bytes, UTF_8)).orElse("");
  }

  private static Optional<byte[]> plusOne(Optional<byte[]> value) {
    long number = value.isPresent() ? Long.parseLong(text(value)) : 0;
    return Optional.of(bytes(Long.toString(number + 1)));
  }

  @ParameterizedTest
  @CsvSource({"'', 1", "'', 4", "&buffer=1mb&flush=off, 1"})
  void twoClientsLoseNoIncrementAndNoComputation(String options, int partitions) throws Exception {
    List<KeyValueStore> stores =
        List.of(
            open(here, options + "&partitions=" + partitions),
            open(there, "&partitions=" + partitions));
    List<CompletableFuture<?>> running = new ArrayList<>();
    for (KeyValueStore store :
        List.of(stores.get(0), stores.get(1), stores.get(0), stores.get(1))) {
      running.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 100; i++) {
                  store.increment("counted", 1);
                  store.compute("computed", RedisSharedChangesIT::plusOne);
                  store.compute("appended", old -> Optional.of(bytes(text(old) + "x")));
                }
              }));
    }
    for (CompletableFuture<?> each : running) {
      each.get();
    }

    for (KeyValueStore store : stores) {
      assertThat(store.get("counted")).contains(bytes("400"));
      assertThat(store.get("computed")).contains(bytes("400"));
      assertThat(store.get("appended").orElseThrow()).hasSize(400);
    }
  }

  @Test
  void oneOfTwoClientsGetsTheKey() throws Exception {
    List<KeyValueStore> stores = List.of(open(here, ""), open(there, ""));
    for (int round = 0; round < 50; round++) {
      String key = "lock" + round;
      List<CompletableFuture<Boolean>> asked =
          stores.stream()
              .map(store -> CompletableFuture.supplyAsync(() -> store.setIfAbsent(key, bytes("v"))))
              .toList();
      assertThat(asked.get(0).get()).isNotEqualTo(asked.get(1).get());
    }
  }

  @Test
  void aStoreWithABufferSendsWhatItHasAndThenTheServerDecides() {
    KeyValueStore behind = open(here, "&buffer=1mb&flush=off");
    KeyValueStore atOnce = open(there, "");
    behind.set("mine", bytes("1"), SetOptions.tags("t"));
    atOnce.set("theirs", bytes("5"));

    assertThat(behind.setIfAbsent("mine", bytes("2"))).as("buffered").isFalse();
    assertThat(behind.setIfAbsent("theirs", bytes("2"))).as("of another").isFalse();
    assertThat(atOnce.get("mine")).as("it was flushed").contains(bytes("1"));
    behind.set("mine", bytes("7"), KEEPING);
    assertThat(behind.increment("mine", 1)).isEqualTo(8);
    assertThat(atOnce.get("mine")).as("at once").contains(bytes("8"));
    assertThat(hits(atOnce, "t")).containsExactly("mine");
    behind.delete("mine");
    assertThat(behind.getAndSet("mine", bytes("9"))).isEmpty();
    assertThat(behind.entry("mine").orElseThrow().value()).isEqualTo(bytes("9"));
    assertThat(behind.get("mine")).contains(bytes("9"));
    assertThat(behind.stats().bufferedKeys()).isZero();
  }

  /** The page on Redis says so, and what to do instead. */
  @Test
  void whatABufferedSetKeepsIsWhatItSawAndATransactionKeepsWhatTheServerHas() {
    KeyValueStore behind = open(here, "&buffer=1mb&flush=off");
    KeyValueStore atOnce = open(there, "");
    Instant touched = time.now().plus(ofMinutes(9));
    Map<String, Runnable> changes =
        Map.of(
            "set", () -> behind.set("k", bytes("w"), KEEPING),
            "setIfPresent", () -> behind.setIfPresent("k", bytes("w"), KEEPING),
            "transaction",
                () ->
                    behind.transaction(
                        transaction -> {
                          transaction.set("k", bytes("w"), KEEPING);
                          return null;
                        }));
    changes.forEach(
        (name, change) -> {
          atOnce.set("k", bytes("v"), SetOptions.ttl(ofMinutes(1)));
          if (name.equals("set")) {
            change.run();
            atOnce.touch("k", ofMinutes(9));
          } else {
            atOnce.touch("k", ofMinutes(9));
            change.run();
          }
          behind.flush();
          assertThat(atOnce.get("k")).as(name).contains(bytes("w"));
          assertThat(atOnce.metadata("k").orElseThrow().expiresAt().orElseThrow())
              .as(name)
              .isEqualTo(name.equals("set") ? time.now().plus(ofMinutes(1)) : touched);
        });
  }

  @Test
  void aFlushThatFailsMakesNoChangeAndLosesNothing() {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore behind = harness.open(server.url("db=" + db, "buffer=1mb", "flush=off"));
      behind.set("k", bytes("1"));
      harness.faults().on(Operation.APPLY).fail(new IOException("no route to host"));
      assertThatThrownBy(() -> behind.increment("k", 5))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("no route to host")
          .hasMessageContaining("nothing is lost");
      assertThat(server.command("EXISTS", "nadb:{" + db + ":default}:e:k")).isEqualTo("0");
      assertThat(behind.get("k")).contains(bytes("1"));

      assertThat(behind.increment("k", 5)).as("the next flush takes it").isEqualTo(6);
      harness.faults().on(Operation.APPLY).fail(new IOException("no route to host"));
      assertThatThrownBy(() -> behind.increment("k", 5))
          .as("the change itself fails, with nothing to flush before")
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("no route to host")
          .hasMessageNotContaining("reading");
      assertThat(behind.get("k")).contains(bytes("6"));
    }
  }

  @Test
  void aChangeThatFailedIsNotNumberedAndOneThatWasNotMadeNeither() {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore store = harness.open(server.url("db=" + db));
      assertThat(store.increment("k", 1)).isEqualTo(1);
      harness.faults().on(Operation.APPLY).fail(new IOException("no route to host"));
      assertThatThrownBy(() -> store.increment("k", 1))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("no route to host");
      assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
      assertThat(store.setIfAbsent("k", bytes("v"))).isFalse();
      assertThat(store.delete("k", bytes("v"))).isFalse();

      assertThat(store.stats().sequence()).isEqualTo(1);
      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
      assertThat(store.touch("k", ofMinutes(1))).isTrue();
      assertThat(store.getAndDelete("k")).contains(bytes("1"));
      assertThat(store.stats().sequence()).isEqualTo(3);
      assertThat(store.stats().deletes()).isEqualTo(1);
    }
  }

  @Test
  void aCrashTakesWhatIsBufferedAndNoChange() {
    for (String options : new String[] {"sweep=off", "buffer=1mb&flush=off"}) {
      try (NadbHarness harness = NadbHarness.create()) {
        KeyValueStore store = harness.open(server.url(("db=" + db + "&" + options).split("&", -1)));
        store.increment("counted", 1);
        store.set("set", bytes("v"));
        store.touch("counted", ofMinutes(1));
        store.setIfAbsent("absent", bytes("v"));
        store.set("last", bytes("v"));
        CrashReport report = harness.crash(Crash.PROCESS_KILL);

        if (options.startsWith("buffer")) {
          NadbAssertions.assertThat(report).lostExactly("last");
        } else {
          NadbAssertions.assertThat(report).lostNothing();
        }
      }
    }
  }

  @Test
  void aCrashTakesWhatIsBufferedAndNoTransaction() {
    for (String options : new String[] {"sweep=off", "buffer=1mb&flush=off"}) {
      try (NadbHarness harness = NadbHarness.create()) {
        KeyValueStore store = harness.open(server.url(("db=" + db + "&" + options).split("&", -1)));
        store.transaction(
            transaction -> {
              transaction.set("a", bytes("v"));
              transaction.set("b", bytes("v"));
              return transaction.delete("a");
            });
        try (Transaction transaction = store.begin()) {
          transaction.set("c", bytes("v"));
          transaction.commit();
        }
        CrashReport report = harness.crash(Crash.PROCESS_KILL);
        NadbAssertions.assertThat(report).lostNothing();
        harness.restart();
        assertThat(store.keys("")).contains("b", "c");
      }
    }
  }
}
