package io.nadb.samples.testing;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;

import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Crash;
import io.nadb.testkit.CrashReport;
import io.nadb.testkit.NadbHarness;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How do I test what a crash takes? */
class CrashBeforeFlushTest {
  @NadbStore(with = "flush=5s")
  private KeyValueStore cart;

  @ParameterizedTest
  @EnumSource
  void aCrashTakesWhatWasNotFlushedAndNothingElse(Crash crash, NadbHarness harness) {
    cart.set("user:1", "one apple".getBytes(UTF_8));
    harness.time().advance(ofSeconds(5));
    cart.set("user:2", "a pear".getBytes(UTF_8));
    cart.set("user:1", "two apples".getBytes(UTF_8));

    CrashReport report = harness.crash(crash);
    assertThat(report).lostExactly("user:2", "user:1");

    harness.reopen();
    assertThat(cart).containsOnly(Map.of("user:1", "one apple")).hasIntactDirectory();
  }
}
