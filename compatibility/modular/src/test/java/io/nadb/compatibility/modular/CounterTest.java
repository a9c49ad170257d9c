package io.nadb.compatibility.modular;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Crash;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.VirtualTime;
import org.junit.jupiter.api.Test;

/** Tests of a module, which are patched into it and on the module path. */
class CounterTest {
  @NadbStore(with = "flush=5s")
  private KeyValueStore store;

  @Test
  void theTestIsInTheModuleOfTheApplication() {
    assertThat(CounterTest.class.getModule().getName()).isEqualTo("io.nadb.compatibility.modular");
    assertThat(KeyValueStore.class.getModule().getName()).isEqualTo("io.nadb");
  }

  @Test
  void storesAreInjectedOnVirtualTime(VirtualTime time, NadbHarness harness) {
    Counter counter = new Counter(store);
    assertThat(counter.count("a")).isEqualTo(1);
    time.advance(ofSeconds(5));
    assertThat(counter.count("a")).isEqualTo(2);
    assertThat(harness.crash(Crash.POWER_CUT)).lostExactly("a");
    assertThat(harness.reopen()).containsEntry("a", "1");
  }

  @Test
  void applicationsOpenTheirStoresByUrl(NadbHarness harness) {
    try (KeyValueStore own = NadbDriverManager.open(harness.testUrl("nadb:fs:./data"))) {
      assertThat(new Counter(own).count("a")).isEqualTo(1);
      assertThat(own).buffers("a");
    }
  }
}
