package io.nadb.durability;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nadb.ConflictException;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreState;
import io.nadb.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A transaction whose commit finds no room, or no disk. */
class TroubledCommitTest extends FailingFlushes {

  /** Opens a store whose buffer holds exactly its hard cap, and whose disk is full. */
  private KeyValueStore full() {
    KeyValueStore store = open("buffer=1kb&flush=30s&write-timeout=10s");
    faults.fail("no space left on device");
    store.set("a", new byte[1023]);
    store.set("b", new byte[1023]);
    return store;
  }

  @Test
  void aCommitThatWaitsForRoomLosesIfWhatItHasReadChangesMeanwhile() throws Exception {
    KeyValueStore store = full();
    Transaction transaction = store.begin();
    transaction.get("a");
    transaction.set("c", new byte[1990]); // There is no room for it beside any other write.
    FutureTask<Long> faster = start(() -> store.set("a", utf8("w")));
    time.awaitWaiting(1);
    FutureTask<Long> commit = start(transaction::commit);
    time.awaitWaiting(2);
    faults.heal();
    store.flush();

    assertThat(faster.get()).isEqualTo(3);
    store.flush();
    assertThatThrownBy(commit::get)
        .cause()
        .isInstanceOfSatisfying(ConflictException.class, e -> assertThat(e.key()).isEqualTo("a"));
    assertThat(store.contains("c")).isFalse();
  }

  @Test
  void aCommitThatWaitsForRoomGoesThroughIfNothingChangesThatItHasRead() throws Exception {
    KeyValueStore store = full();
    Transaction transaction = store.begin();
    transaction.get("a");
    transaction.set("c", new byte[1990]); // There is no room for it beside any other write.
    transaction.delete("b");
    FutureTask<Long> faster = start(() -> store.set("other", utf8("w")));
    time.awaitWaiting(1);
    FutureTask<Long> commit = start(transaction::commit);
    time.awaitWaiting(2);
    faults.heal();
    store.flush();

    assertThat(faster.get()).isEqualTo(3);
    store.flush();
    assertThat(commit.get()).isEqualTo(5);
    assertThat(store.keys("")).containsExactly("a", "c", "other");
  }

  @Test
  void anInterruptedCommitHasWrittenNothing() throws Exception {
    KeyValueStore store = full();
    List<Throwable> thrown = new ArrayList<>();
    Thread committer =
        new Thread(
            () ->
                thrown.add(
                    catchThrowable(
                        () ->
                            store.transaction(
                                transaction -> {
                                  transaction.set("a", utf8("w"));
                                  transaction.set("c", utf8("w"));
                                  return true;
                                }))));
    committer.start();
    time.awaitWaiting(1);
    committer.interrupt();
    committer.join();

    assertThat(thrown)
        .singleElement()
        .isInstanceOfSatisfying(
            NadbException.class, e -> assertThat(e).hasMessageContaining("nothing was written"));
    assertThat(store.stats().sequence()).isEqualTo(2);
    assertThat(store.contains("c")).isFalse();
  }

  @Test
  void aCommitThatCanNotBeMadeDurableIsThereAndIsNotTriedAgain() {
    KeyValueStore store = open("durability=synced");
    store.set("a", utf8("1"));
    faults.fail("input/output error");
    AtomicInteger runs = new AtomicInteger();
    assertThatThrownBy(
            () ->
                store.transaction(
                    transaction -> {
                      runs.incrementAndGet();
                      transaction.set("b", transaction.get("a").orElseThrow());
                      return transaction.delete("a");
                    }))
        .isInstanceOf(NadbException.class)
        .isNotInstanceOf(ConflictException.class)
        .hasMessageEndingWith("the buffer keeps the writes, and the flush is retried");

    assertThat(runs).hasValue(1);
    assertThat(store.keys("")).containsExactly("b");
    assertThat(store.durableSequence()).isEqualTo(1);
    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);

    faults.heal();
    time.advance(ofMillis(100));
    assertThat(store.durableSequence()).isEqualTo(3);
    assertThat(text(store, "b")).contains("1");
  }
}
