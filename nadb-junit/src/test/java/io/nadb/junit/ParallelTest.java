package io.nadb.junit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;

import io.nadb.KeyValueStore;
import io.nadb.testkit.VirtualTime;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Tests that run at the same time don't see each other, and all end alike. */
class ParallelTest {

  static class Concurrent {
    @NadbStore(value = "nadb:mem:", with = "flush=5s")
    private KeyValueStore field;

    @RepeatedTest(1000)
    void eachHasItsOwnTime(VirtualTime time) {
      field.set("k", "v".getBytes(UTF_8));
      time.advance(ofMillis(4_999));
      assertThat(field).buffers("k").hasSize(1).hasNotFlushed();
      time.advance(ofMillis(1));
      assertThat(field).hasPersisted("k").hasFlushCount(1);
    }

    @RepeatedTest(100)
    void eachHasItsOwnDirectory(@NadbStore KeyValueStore store) {
      assertThat(store).isEmpty();
      store.set("k", "v".getBytes(UTF_8));
      store.flush();
      assertThat(store).hasPersisted("k").hasFlushCount(1);
    }
  }

  @Test
  void thousandsOfTestsHaveOneOutcome() {
    Engine.run(
            Map.of(
                "junit.jupiter.execution.parallel.enabled", "true",
                "junit.jupiter.execution.parallel.mode.default", "concurrent",
                "junit.jupiter.execution.parallel.config.strategy", "fixed",
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "8"),
            Concurrent.class)
        .expectPassed(1100);
  }
}
