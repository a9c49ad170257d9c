package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.testkit.Fault;
import io.nadb.testkit.Operation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** {@code awaitDurable} and {@code durableSequence}. */
interface DurabilityContract extends Fixture {

  @Test
  default void whatIsDurableIsNotWaitedFor() throws Exception {
    long sequence = store().set("k", utf8("v"));
    store().flush();

    assertThat(store().durableSequence()).isEqualTo(sequence);
    assertThat(store().awaitDurable(sequence, Duration.ZERO)).isTrue();
    assertThat(store().awaitDurable(0, Duration.ZERO)).isTrue();
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aWaiterIsWokenByTheTimedFlush() throws Exception {
    KeyValueStore store = open("flush=5s", "sweep=off");
    long first = store.set("a", utf8("v"));
    FutureTask<Boolean> durable = start(store, first, ofSeconds(60));
    harness().time().awaitWaiting(1);
    pass(ofSeconds(4));
    assertThat(durable).isNotDone();
    pass(ofSeconds(1));

    assertThat(durable.get()).isTrue();
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aWaiterGivesUpAfterItsTimeout() throws Exception {
    long sequence = store().set("k", utf8("v"));
    FutureTask<Boolean> durable = start(store(), sequence, ofSeconds(3));
    harness().time().awaitWaiting(1);
    pass(ofSeconds(3).minusNanos(1));
    assertThat(durable).isNotDone();
    pass(Duration.ofNanos(1));

    assertThat(durable.get()).isFalse();
    assertThat(store().stats().flushCount()).as("it does not cause a flush").isZero();
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aWaiterWaitsForItsOwnWriteOnly() throws Exception {
    long first = store().set("a", utf8("v"));
    Fault blocked = harness().faults().on(Operation.APPLY).block();
    Thread flush = new Thread(() -> store().flush());
    flush.start();
    blocked.awaitBlocked();
    long second = store().set("b", utf8("v"));
    FutureTask<Boolean> one = start(store(), first, ofSeconds(60));
    FutureTask<Boolean> two = start(store(), second, ofSeconds(60));
    harness().time().awaitWaiting(2);
    blocked.release();
    flush.join();

    assertThat(one.get()).isTrue();
    assertThat(two).isNotDone();
    store().flush();
    assertThat(two.get()).isTrue();
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aWaiterCanBeInterrupted() throws Exception {
    long sequence = store().set("k", utf8("v"));
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                store().awaitDurable(sequence, ofSeconds(60));
              } catch (Throwable e) {
                thrown.complete(e);
              }
            });
    waiter.start();
    harness().time().awaitWaiting(1);
    waiter.interrupt();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    store().flush();
    assertThat(store().durableSequence()).isEqualTo(sequence);
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aWaiterIsReleasedWhenTheStoreCloses() throws Exception {
    long sequence = store().set("k", utf8("v"));
    FutureTask<Boolean> durable = start(store(), sequence, ofSeconds(60));
    harness().time().awaitWaiting(1);
    store().close();

    assertThat(durable.get()).isTrue();
  }

  /** {@code false} would say that a longer timeout might help. */
  @Test
  @Requires(Capability.BUFFER)
  default void aWaiterWhoseWriteTheClosingHasLostIsToldSo() throws Exception {
    long sequence = store().set("k", utf8("v"));
    FutureTask<Boolean> durable = start(store(), sequence, ofSeconds(60));
    harness().time().awaitWaiting(1);
    fail("out of order");
    assertThatThrownBy(() -> store().close()).isInstanceOf(NadbException.class);

    assertThatThrownBy(durable::get)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("store is closed: ")
        .hasMessageEndingWith(
            " (close was called), and the write with sequence number "
                + sequence
                + " was not durable by then");
  }

  @Test
  default void aNumberThatHasNotBeenGivenOutIsRefused() {
    store().set("k", utf8("v"));

    assertThatThrownBy(() -> store().awaitDurable(2, ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sequence number 2 has not been given out; the last is 1");
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aTimeoutMayBeForever() throws Exception {
    long sequence = store().set("k", utf8("v"));
    FutureTask<Boolean> durable = start(store(), sequence, Duration.ofSeconds(Long.MAX_VALUE));
    harness().time().awaitWaiting(1);
    store().flush();

    assertThat(durable.get()).isTrue();
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aNegativeTimeoutDoesNotWait() throws Exception {
    long sequence = store().set("k", utf8("v"));

    assertThat(store().awaitDurable(sequence, Duration.ofSeconds(-1))).isFalse();
  }

  private static FutureTask<Boolean> start(KeyValueStore store, long sequence, Duration timeout) {
    FutureTask<Boolean> task = new FutureTask<>(() -> store.awaitDurable(sequence, timeout));
    new Thread(task).start();
    return task;
  }
}
