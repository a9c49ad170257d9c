package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.setAll;
import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreState;
import io.nadb.testkit.Fault;
import io.nadb.testkit.Operation;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** When the buffer is flushed, and what happens if that fails. */
interface BufferContract extends Fixture {

  /** A partly filled buffer is flushed at the interval. */
  @Test
  @Requires(Capability.BUFFER)
  default void theIntervalFlushes() {
    KeyValueStore store = open("flush=5s");
    setAll(store, "k");
    harness().time().advance(ofMillis(4_999));
    assertThat(store.stats().flushCount()).isZero();
    harness().time().advance(ofMillis(1));

    assertThat(store.stats().flushCount()).isEqualTo(1);
    assertThat(store.stats().lastFlushCause()).contains(FlushCause.INTERVAL);
    assertThat(store.stats().bufferedKeys()).isZero();
  }

  /** A full buffer is flushed. */
  @Test
  @Requires(Capability.BUFFER)
  default void aFullBufferFlushes() {
    KeyValueStore store = open("flush=off", "buffer=1kb");
    store.set("a", new byte[1000]);
    assertThat(store.stats().flushCount()).isZero();
    store.set("b", new byte[1000]);

    assertThat(store.stats().flushCount()).isEqualTo(1);
    assertThat(store.stats().lastFlushCause()).contains(FlushCause.SIZE);
  }

  /** Nothing is lost by a flush that fails. */
  @Test
  @Requires(Capability.BUFFER)
  default void aFailedFlushLosesNothing() {
    KeyValueStore store = open("flush=off");
    setAll(store, "old");
    failFlush(store);
    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
    setAll(store, "new");
    assertThat(store.keys("")).containsExactly("new", "old");
    store.flush();

    assertThat(store.keys("")).containsExactly("new", "old");
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    assertThat(store.stats().flushFailures()).isEqualTo(1);
  }

  /** What was written or deleted after a failed flush wins over what it held. */
  @Test
  @Requires(Capability.BUFFER)
  default void whatIsNewerWinsOverARetry() {
    KeyValueStore store = open("flush=off");
    setAll(store, "deleted", "changed");
    failFlush(store);
    store.delete("deleted");
    store.set("changed", utf8("newer"));
    store.flush();

    assertThat(store.keys("")).containsExactly("changed");
    assertThat(text(store, "changed")).contains("newer");
  }

  /** What is being flushed can be read meanwhile, and what is written meanwhile is kept. */
  @Test
  @Requires(Capability.BUFFER)
  default void aFlushThatIsUnderWayHidesNothing() throws InterruptedException {
    KeyValueStore store = open("flush=5s");
    setAll(store, "k");
    Fault blocked = harness().faults().on(Operation.APPLY).block();
    harness().time().advance(ofSeconds(5));
    blocked.awaitBlocked();
    assertThat(text(store, "k")).contains("v");
    store.set("k", utf8("newer"));
    blocked.release();
    assertThat(text(store, "k")).contains("newer");
    store.flush();

    assertThat(text(store, "k")).contains("newer");
  }

  private void failFlush(KeyValueStore store) {
    harness().faults().on(Operation.APPLY).fail(new IOException("no space left on device"));
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
  }
}
