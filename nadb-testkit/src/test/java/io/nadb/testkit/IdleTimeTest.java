package io.nadb.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Virtual time passes at once where nothing happens. */
class IdleTimeTest {
  private static final Duration YEARS = Duration.ofDays(3650);

  private final NadbHarness harness = NadbHarness.create();

  @AfterEach
  void close() {
    harness.close();
  }

  private long roundsIn(Duration duration) {
    long before = harness.registry().status().rounds();
    harness.time().advance(duration);
    return harness.registry().status().rounds() - before;
  }

  @Test
  void tenYearsOfADefaultStoreWithAFewKeysTakeTwoRoundsOfTheBackgroundThread() {
    KeyValueStore store = harness.open("nadb:fs:");
    store.set("a", new byte[1]);
    store.set("b", new byte[1], SetOptions.tags("t"));

    assertThat(roundsIn(YEARS)).as("a flush, and what follows it").isBetween(1L, 3L);
    assertThat(store.stats().bufferedKeys()).isZero();
    assertThat(roundsIn(YEARS)).isZero();
  }

  @Test
  void aTtlOfFiveYearsCostsARoundADayUntilItIsOver() {
    KeyValueStore store = harness.open("nadb:fs:");
    store.set("a", new byte[1], SetOptions.ttl(Duration.ofDays(5 * 365)));

    assertThat(roundsIn(YEARS)).isLessThan(3 * 5 * 365);
    assertThat(store.stats().expired()).isEqualTo(1);
    assertThat(roundsIn(YEARS)).isZero();
  }
}
