package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.setAll;
import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.testkit.Crash;
import io.nadb.testkit.LostWrite;
import org.junit.jupiter.api.Test;

/** What is there when the location is opened again. */
interface SurvivalContract extends Fixture {

  /** Closing and opening keeps everything: value, metadata, deletions. */
  @Test
  @Requires(Capability.PERSISTENCE)
  default void everythingIsThereAfterAStop() {
    KeyValueStore store = open("flush=off");
    store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(100)).withTags("t"));
    setAll(store, "deleted");
    store.flush();
    store.delete("deleted");
    setAll(store, "buffered");
    EntryMetadata before = store.metadata("k").orElseThrow();
    harness().reopen();

    assertThat(text(store, "k")).contains("v");
    assertThat(store.metadata("k")).contains(before);
    assertThat(store.keys("")).containsExactly("buffered", "k");
  }

  /** A kill of the process takes what was not flushed, and nothing else. */
  @Test
  @Requires(Capability.CRASH_SAFETY)
  default void aKillTakesTheBufferOnly() {
    survive(Crash.PROCESS_KILL);
  }

  /** A power cut takes what was not flushed, and nothing else. */
  @Test
  @Requires(Capability.CRASH_SAFETY)
  default void aPowerCutTakesTheBufferOnly() {
    survive(Crash.POWER_CUT);
  }

  /** A flush that is cut off in its midst leaves nothing of itself. */
  @Test
  @Requires(Capability.CRASH_SAFETY)
  default void aTornFlushLeavesNothingOfItself() {
    survive(Crash.TORN_WRITE);
  }

  private void survive(Crash crash) {
    KeyValueStore store = open("flush=off");
    store.set("old", utf8("1"), SetOptions.tags("t"));
    setAll(store, "deleted");
    store.flush();
    store.set("old", utf8("2"));
    setAll(store, "new");
    store.delete("deleted");
    assertThat(harness().crash(crash).lost())
        .extracting(LostWrite::key)
        .containsExactly("old", "new", "deleted");
    harness().reopen();

    assertThat(store.keys("")).containsExactly("deleted", "old");
    assertThat(text(store, "old")).contains("1");
    assertThat(store.metadata("old").orElseThrow().tags()).containsExactly("t");
    setAll(store, "new");
    store.flush();
    assertThat(store.keys("")).containsExactly("deleted", "new", "old");
  }

  /** A crash takes a transaction whole or not at all, and says what of it was lost. */
  @Test
  @Requires({Capability.CRASH_SAFETY, Capability.TRANSACTIONS})
  default void aTransactionIsLostWholeOrNotAtAll() {
    KeyValueStore store = open("flush=off");
    setAll(store, "a", "b");
    store.flush();
    for (Crash crash : Crash.values()) {
      move(store, "1");
      store.flush();
      move(store, "2");
      assertThat(harness().crash(crash).lost())
          .extracting(LostWrite::key)
          .containsExactlyInAnyOrder("b", "a", "b", "c");
      harness().reopen();

      assertThat(text(store, "a")).contains("1");
      assertThat(store.contains("b")).isFalse();
      assertThat(text(store, "c")).contains("1");
      setAll(store, "b");
      store.flush();
    }
  }

  private static void move(KeyValueStore store, String value) {
    store.set("b", utf8(value));
    store.transaction(
        transaction -> {
          transaction.set("a", utf8(value));
          transaction.set("c", transaction.get("b").orElseThrow());
          return transaction.delete("b");
        });
  }
}
