package io.nadb.samples.testing;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;

import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.VirtualTime;
import org.junit.jupiter.api.Test;

/** How do I test several stores at once? */
class SeveralStoresOneClockTest {
  @NadbStore(with = "flush=5s")
  private KeyValueStore orders;

  @NadbStore(with = "flush=10s")
  private KeyValueStore visits;

  @Test
  void eachIsFlushedAtItsOwnIntervalOfTheSameClock(VirtualTime time) {
    orders.set("order:1", "apples".getBytes(UTF_8));
    visits.set("visit:1", "Ada".getBytes(UTF_8));

    time.advance(ofSeconds(5));
    assertThat(orders).hasPersisted("order:1");
    assertThat(visits).buffers("visit:1");

    time.advance(ofSeconds(5));
    assertThat(visits).hasPersisted("visit:1");
  }
}
