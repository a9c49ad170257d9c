package io.nadb.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a test places between a read and what follows it. */
class InterleavingTest {
  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void aConflictIsPlacedBetweenAReadAndTheCommit() {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore store = harness.store();
      store.set("k", utf8("v"));
      harness.faults().afterNextRead("k", () -> store.set("k", utf8("w")));
      AtomicInteger runs = new AtomicInteger();
      String read =
          store.transaction(
              tx -> {
                runs.incrementAndGet();
                tx.contains("other");
                tx.set("mine", utf8("x"));
                return new String(tx.get("k").orElseThrow(), UTF_8);
              });

      assertThat(read).isEqualTo("w");
      assertThat(runs).hasValue(2);
      assertThat(harness.ledger().toString()).contains("between the read of \"k\"");
    }
  }

  @Test
  void aConflictIsPlacedBeforeTheFunctionOfACompute() {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore store = harness.store();
      harness.faults().afterNextRead("k", () -> store.set("k", utf8("w")));
      store.compute("k", value -> Optional.of(utf8(value.isPresent() ? "second" : "first")));

      assertThat(store.get("k").map(value -> new String(value, UTF_8))).contains("second");
    }
  }

  @Test
  void whatNeverHappenedIsAProblem() {
    NadbHarness harness = NadbHarness.create();
    KeyValueStore store = harness.store();
    harness.faults().afterNextRead("k", () -> {});
    store.get("other");

    assertThat(harness.check()).containsExactly("fault never fired: after the read of \"k\"");
    harness.without(Check.UNFIRED_FAULTS);
  }
}
