package io.nadb.samples.testing;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.VirtualTime;
import org.junit.jupiter.api.Test;

/** How do I test that expired entries give their space back? */
class SweepTest {
  @NadbStore(with = "sweep=60s")
  private KeyValueStore sessions;

  @Test
  void expiredEntriesAreInvisibleAtOnceAndRemovedByTheSweep(VirtualTime time) {
    sessions.set("short", "Ada".getBytes(UTF_8), SetOptions.ttl(ofSeconds(10)));
    sessions.set("long", "Grace".getBytes(UTF_8), SetOptions.ttl(ofSeconds(90)));

    time.advance(ofSeconds(10));
    assertThat(sessions).containsOnlyKeys("long");
    assertThat(sessions).stats().returns(0L, stats -> stats.expired());

    time.advance(ofSeconds(50));
    assertThat(sessions).stats().returns(1L, stats -> stats.expired());
  }
}
