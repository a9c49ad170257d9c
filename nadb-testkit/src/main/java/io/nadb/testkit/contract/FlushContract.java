package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreState;
import io.nadb.StoreStats;
import io.nadb.testkit.Fault;
import io.nadb.testkit.Operation;
import org.junit.jupiter.api.Test;

/** When the buffer is flushed, and what the figures say of it. */
interface FlushContract extends Fixture {

  @Test
  @Requires(Capability.BUFFER)
  default void aPartlyFilledBufferIsFlushedAtTheTickAndNotBefore() {
    KeyValueStore store = open("flush=5s", "sweep=off");
    long sequence = store.set("k", utf8("v"));
    pass(ofSeconds(5).minusMillis(1));
    assertThat(store.stats().flushCount()).isZero();
    assertThat(store.durableSequence()).isZero();

    pass(ofMillis(1));
    assertThat(store.stats().flushCount()).isEqualTo(1);
    assertThat(store.durableSequence()).isEqualTo(sequence);
    assertThat(store.stats().bufferedKeys()).isZero();
    assertThat(store.stats().lastFlushCause()).contains(FlushCause.INTERVAL);
    assertThat(store.stats().lastFlushTime()).contains(now());
  }

  @Test
  @Requires(Capability.BUFFER)
  default void ticksAreCountedFromTheOpening() {
    pass(ofMillis(1234));
    KeyValueStore store = open("flush=5s", "sweep=off");
    for (int tick = 1; tick <= 3; tick++) {
      pass(ofSeconds(4));
      store.set("k" + tick, utf8("v"));
      pass(ofMillis(999));
      assertThat(store.stats().flushCount()).isEqualTo(tick - 1);
      pass(ofMillis(1));
      assertThat(store.stats().flushCount()).isEqualTo(tick);
    }
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aTickWithNothingToFlushIsNoFlush() {
    KeyValueStore store = open("flush=5s", "sweep=off");
    pass(ofSeconds(60));

    assertThat(store.stats().flushCount()).isZero();
    assertThat(store.stats().lastFlushCause()).isEmpty();
    assertThat(store.stats().lastFlushTime()).isEmpty();
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aFullBufferIsFlushedWhenSetReturns() {
    KeyValueStore store = open("buffer=1kb", "flush=off", "sweep=off");
    store.set("a", new byte[1022]);
    assertThat(store.stats().flushCount()).isZero();
    assertThat(store.stats().bufferedBytes()).isEqualTo(1023);

    store.set("a", new byte[1023]);
    assertThat(store.stats().flushCount()).isEqualTo(1);
    assertThat(store.stats().bufferedBytes()).isZero();
    assertThat(store.stats().lastFlushCause()).contains(FlushCause.SIZE);
  }

  @Test
  @Requires(Capability.BUFFER)
  default void tinyEntriesFillTheBufferToo() {
    KeyValueStore store = open("buffer=1kb", "flush=off", "sweep=off");
    for (int i = 0; i < 15; i++) {
      store.set("k" + i, new byte[0]);
    }
    assertThat(store.stats().bufferedBytes()).isEqualTo(15 * 64);
    store.set("last", new byte[0]);
    assertThat(store.stats().flushCount()).isEqualTo(1);
    assertThat(store.stats().flushedKeys()).isEqualTo(16);
    assertThat(store.stats().flushedBytes()).isEqualTo(1024);
  }

  @Test
  @Requires(Capability.BUFFER)
  default void overwritingOneKeyDoesNotFillTheBuffer() {
    KeyValueStore store = open("buffer=1kb", "flush=off", "sweep=off");
    for (int i = 0; i < 100; i++) {
      store.set("k", new byte[500]);
    }
    assertThat(store.stats().flushCount()).isZero();
    assertThat(store.stats().bufferedBytes()).isEqualTo(501);
    assertThat(store.stats().bufferedKeys()).isEqualTo(1);
  }

  @Test
  @Requires(Capability.BUFFER)
  default void flushOffWaitsForSizeOrForACall() {
    KeyValueStore store = open("flush=off&sweep=1h"); // Each sweep asks a server, for days.
    store.set("k", utf8("v"));
    pass(ofSeconds(1_000_000));
    assertThat(store.stats().flushCount()).isZero();

    store.flush();
    assertThat(store.stats().flushCount()).isEqualTo(1);
    assertThat(store.stats().lastFlushCause()).contains(FlushCause.EXPLICIT);
    store.flush();
    assertThat(store.stats().flushCount()).as("nothing was left to flush").isEqualTo(1);
  }

  @Test
  @Requires(Capability.BUFFER)
  default void theLastCloseFlushes() {
    KeyValueStore one = store();
    KeyValueStore two = namespace("default");
    one.set("k", utf8("v"));
    two.close();
    assertThat(one.stats().flushCount()).isZero();
    one.close();

    assertThat(one.stats().flushCount()).isEqualTo(1);
    assertThat(one.stats().lastFlushCause()).contains(FlushCause.CLOSE);
    assertThat(one.stats().state()).isEqualTo(StoreState.CLOSED);
  }

  @Test
  @Requires({Capability.BUFFER, Capability.DURABILITY})
  default void aSyncedWriteIsAFlushForItsDurability() {
    KeyValueStore store = open("durability=synced", "flush=off", "sweep=off");
    long sequence = store.set("k", utf8("v"));

    assertThat(store.durableSequence()).isEqualTo(sequence);
    assertThat(store.stats().flushCount()).isEqualTo(1);
    assertThat(store.stats().lastFlushCause()).contains(FlushCause.DURABILITY);
    store.delete("k");
    assertThat(store.durableSequence()).isEqualTo(sequence + 1);
    assertThat(store.stats().flushCount()).isEqualTo(2);
  }

  @Test
  @Requires(Capability.BUFFER)
  default void anEntryAboveTheHardCapIsFlushedWhenSetReturns() {
    KeyValueStore store = open("buffer=1kb", "flush=off", "sweep=off");
    long sequence = store.set("k", new byte[5000]);

    assertThat(store.durableSequence()).isEqualTo(sequence);
    assertThat(store.stats().bufferedBytes()).isZero();
    assertThat(store.stats().lastFlushCause()).contains(FlushCause.SIZE);
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aFailedFlushIsRetriedWithThisCause() {
    KeyValueStore store = open("flush=5s", "sweep=off");
    store.set("k", utf8("v"));
    fail("no space left on device");
    pass(ofSeconds(5));
    assertThat(store.stats().flushFailures()).isEqualTo(1);
    assertThat(store.stats().lastFailure().orElseThrow()).startsWith("no space left on device");
    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);

    heal();
    pass(ofMillis(99));
    assertThat(store.stats().flushCount()).isZero();
    pass(ofMillis(1));
    assertThat(store.stats().flushCount()).isEqualTo(1);
    assertThat(store.stats().lastFlushCause()).contains(FlushCause.RETRY);
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    assertThat(store.stats().lastFailure().orElseThrow()).startsWith("no space left on device");
  }

  @Test
  @Requires({Capability.TAGS, Capability.BUFFER})
  default void aBlockedFlushHidesAndUndoesNothing() throws Exception {
    store().set("old", utf8("v"), SetOptions.tags("t"));
    store().set("both", utf8("1"), SetOptions.tags("t"));
    Fault blocked = harness().faults().on(Operation.APPLY).block();
    Thread flush = new Thread(() -> store().flush());
    flush.start();
    blocked.awaitBlocked();
    store().set("both", utf8("2"), SetOptions.tags("u"));
    store().set("new", utf8("v"), SetOptions.tags("t"));
    store().delete("old");

    assertThat(store().keys("")).containsExactly("both", "new");
    assertThat(store().get("old")).isEmpty();
    assertThat(store().queryByTags("t")).hasSize(1);
    assertThat(store().stats().bufferedKeys()).isEqualTo(5);
    blocked.release();
    flush.join();
    assertThat(store().keys("")).containsExactly("both", "new");
    assertThat(store().stats().bufferedKeys()).isEqualTo(3);
    store().flush();
    assertThat(store().keys("")).containsExactly("both", "new");
    assertThat(store().tags()).isEqualTo(java.util.Map.of("t", 1L, "u", 1L));
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS, Capability.BUFFER})
  default void figuresBeginAtZeroAndCountWhatHappened() {
    StoreStats fresh = store().stats();
    assertThat(fresh.state()).isEqualTo(StoreState.HEALTHY);
    assertThat(fresh.bufferLimitBytes()).isEqualTo(1 << 20);
    assertThat(
            new long[] {
              fresh.sequence(),
              fresh.durableSequence(),
              fresh.sets(),
              fresh.deletes(),
              fresh.gets(),
              fresh.hits(),
              fresh.misses(),
              fresh.expired(),
              fresh.flushCount(),
              fresh.flushFailures(),
              fresh.flushedKeys(),
              fresh.flushedBytes(),
              fresh.stalls(),
              fresh.keys(),
              fresh.bufferedBytes(),
              fresh.bufferedKeys()
            })
        .containsOnly(0);

    store().set("a", new byte[99], SetOptions.tags("tag"));
    store().set("b", new byte[99]);
    store().set("b", new byte[199]);
    store().get("a");
    store().get("a");
    store().get("x");
    store().contains("x");
    assertThat(store().stats().bufferedBytes()).isEqualTo(103 + 200);
    store().flush();
    store().delete("a");
    store().delete("x");

    StoreStats stats = store().stats();
    assertThat(stats.sets()).isEqualTo(3);
    assertThat(stats.deletes()).isEqualTo(1);
    assertThat(stats.gets()).isEqualTo(3);
    assertThat(stats.hits()).isEqualTo(2);
    assertThat(stats.misses()).isEqualTo(1);
    assertThat(stats.sequence()).isEqualTo(4);
    assertThat(stats.durableSequence()).isEqualTo(3);
    assertThat(stats.flushCount()).isEqualTo(1);
    assertThat(stats.flushedKeys()).isEqualTo(2);
    assertThat(stats.flushedBytes()).isEqualTo(303);
    assertThat(stats.bufferedKeys()).isEqualTo(1);
    assertThat(stats.bufferedBytes()).isEqualTo(64);
    expectKeys(store(), 2);
    assertThat(stats.flushFailures()).isZero();
    assertThat(stats.lastFailure()).isEmpty();
  }

  @Test
  @Requires(Capability.BUFFER)
  default void anExplicitFlushThatFailsSaysSoAndKeepsEverything() {
    store().set("k", utf8("v"));
    fail("input/output error");

    assertThatThrownBy(() -> store().flush())
        .isInstanceOf(NadbException.class)
        .hasMessage(
            "store %s: could not flush 1 key (64 bytes): input/output error; look into the"
                + " system's log: the disk or its connection may be failing; nothing is lost: the"
                + " buffer keeps the writes, and the flush is retried",
            store().name())
        .hasRootCauseMessage("input/output error");
    assertThat(store().stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThat(store().keys("")).containsExactly("k");
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.BUFFER, Capability.BUFFERED_CHANGES})
  default void aTransactionAndAChangeAreMadeWhileNothingCanBeFlushed() {
    store().set("a", utf8("1"));
    fail("no space left on device");
    assertThatThrownBy(() -> store().flush()).isInstanceOf(NadbException.class);
    store()
        .transaction(
            transaction -> {
              transaction.set("b", transaction.get("a").orElseThrow());
              return transaction.delete("a");
            });
    assertThat(store().increment("b", 1)).isEqualTo(2);

    assertThat(store().stats().sequence()).isEqualTo(4);
    assertThat(store().stats().durableSequence()).isZero();
    heal();
    store().flush();
    assertThat(store().keys("")).containsExactly("b");
  }
}
