package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Numbers that are added to, by one or by many. */
interface CounterContract extends Fixture {
  private static Optional<byte[]> plusOne(Optional<byte[]> value) {
    long number = value.map(Fixture::text).map(Long::parseLong).orElse(0L);
    return Optional.of(utf8(Long.toString(number + 1)));
  }

  @Test
  default void aCounterBeginsAtZeroAndIsDecimalText() {
    whereverItMayChange(
        place -> {
          assertThat(store().increment("k", 5)).isEqualTo(5);
          place.settle(this);
          assertThat(store().increment("k", -12)).isEqualTo(-7);
          assertThat(text(store(), "k")).contains("-7");
          assertThat(store().metadata("k").orElseThrow().size()).isEqualTo(2);
          assertThat(store().increment("k", 0)).isEqualTo(-7);
          store().set("k", utf8("41"));
          place.settle(this);
          assertThat(store().increment("k", 1)).isEqualTo(42);
        });
  }

  @Test
  default void aCounterHasTheWholeRangeOf64Bits() {
    whereverItMayChange(
        place -> {
          assertThat(store().increment("k", Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
          place.settle(this);
          assertThatThrownBy(() -> store().increment("k", 1))
              .isInstanceOf(ArithmeticException.class)
              .hasMessageContaining("'k'");
          assertThat(text(store(), "k")).contains("9223372036854775807");
          assertThat(store().increment("k", -1)).isEqualTo(Long.MAX_VALUE - 1);
          assertThat(store().increment("low", Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
          assertThatThrownBy(() -> store().increment("low", -1))
              .isInstanceOf(ArithmeticException.class);
          assertThat(text(store(), "low")).contains("-9223372036854775808");
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void aCounterKeepsTagsTtlAndCreation() {
    whereverItMayChange(
        place -> {
          Instant created = now();
          store().set("k", utf8("1"), SetOptions.ttl(ofSeconds(100)).withTags("t"));
          place.settle(this);
          pass(ofSeconds(1));
          assertThat(store().increment("k", 9)).isEqualTo(10);

          for (int i = 0; i < 2; i++) {
            assertThat(store().metadata("k"))
                .contains(
                    new EntryMetadata(
                        "k",
                        2,
                        created,
                        now(),
                        Optional.of(created.plusSeconds(100)),
                        Set.of("t")));
            assertThat(store().queryByTags("t")).hasSize(1);
            heal();
            store().flush();
          }
          pass(ofSeconds(99));
          assertThat(store().increment("k", 1)).isEqualTo(1);
          assertThat(store().metadata("k").orElseThrow().expiresAt()).isEmpty();
        });
  }

  @Test
  default void whatIsNoNumberIsLeftAsItIs() {
    whereverItMayChange(
        place -> {
          String[] values = {"", " 1", "1 ", "+1", "01", "-0", "1.5", "x", "9223372036854775808"};
          for (String value : values) {
            store().set("k", utf8(value));
            place.settle(this);
            assertThatThrownBy(() -> store().increment("k", 1))
                .as("'%s'", value)
                .isInstanceOf(NumberFormatException.class)
                .hasMessageContaining("key 'k'")
                .hasMessageContaining("of " + value.length() + " bytes");
            assertThat(text(store(), "k")).contains(value);
            heal();
          }
        });
  }

  @Test
  default void noIncrementOfSeveralThreadsIsLost() throws Exception {
    int threads = 4;
    int each = 50;
    KeyValueStore store = store();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(
          CompletableFuture.runAsync(
              () -> {
                for (int n = 0; n < each; n++) {
                  store.increment("counted", 1);
                  store.compute("computed", CounterContract::plusOne);
                }
              }));
    }
    join(running);

    assertThat(text(store(), "counted")).contains(Integer.toString(threads * each));
    assertThat(text(store(), "computed")).contains(Integer.toString(threads * each));
  }

  @Test
  default void ofSeveralWhoWantTheSameKeyOneGetsIt() throws Exception {
    KeyValueStore store = store();
    for (int round = 0; round < 20; round++) {
      String key = "k" + round;
      List<CompletableFuture<Boolean>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        byte[] mine = utf8("thread " + i);
        running.add(CompletableFuture.supplyAsync(() -> store.setIfAbsent(key, mine)));
      }
      join(running);
      List<String> winners = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        if (running.get(i).join()) {
          winners.add("thread " + i);
        }
      }

      assertThat(winners).hasSize(1);
      assertThat(text(store, key)).contains(winners.get(0));
    }
  }

  private static void join(List<? extends CompletableFuture<?>> running)
      throws InterruptedException, ExecutionException {
    for (CompletableFuture<?> each : running) {
      each.get();
    }
  }
}
