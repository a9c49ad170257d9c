package io.nadb.registry;

import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.Registration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/**
 * What is closed while listeners have to be told something: who waits for them, and for how long.
 */
class ListenersAtCloseTest extends ListenerThreads {
  @Test
  void whatIsQueuedIsToldBeforeTheStoreIsClosed() throws Exception {
    KeyValueStore store = open();
    hang(store);
    remove(store, "a", "b", "c");
    assertThat(store.stats().pendingRemovals()).isEqualTo(3);
    FutureTask<Boolean> closing = start(store::close);
    time.awaitWaiting(1);
    hold.release();
    closing.get();

    assertThat(told).containsExactly("a", "b", "c");
    assertThat(warnings.texts()).isEmpty();
  }

  @Test
  void whatIsQueuedIsToldBeforeTheRegistryIsClosed() throws Exception {
    KeyValueStore store = open();
    hang(store);
    store.onRemoval(removal -> told.add("reads " + store.contains("kept")));
    store.set("kept", utf8("v"));
    remove(store, "a");
    FutureTask<Boolean> closing = start(registry::close);
    time.awaitWaiting(1);
    hold.release();
    closing.get();

    assertThat(told).containsExactlyInAnyOrder("a", "reads true");
  }

  @Test
  void aListenerThatAsksForANamespaceWhileTheRegistryIsClosedIsToldSo() throws Exception {
    KeyValueStore store = open();
    store.onRemoval(
        removal -> {
          hold.pass();
          assertThatThrownBy(() -> store.namespace("other"))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("closed");
          told.add(removal.key());
        });
    remove(store, "a");
    FutureTask<Boolean> closing = start(registry::close);
    time.awaitWaiting(1);
    hold.release();
    closing.get();

    assertThat(told).containsExactly("a");
  }

  @Test
  void closingWaitsForAListenerNoLongerThanTheWriteTimeout() throws Exception {
    KeyValueStore store = open("name=orders", "write-timeout=2s");
    hang(store);
    remove(store, "a", "b", "c");
    FutureTask<Boolean> closing = start(store::close);
    time.awaitWaiting(1);
    time.advance(ofSeconds(2).minusMillis(1));
    assertThat(closing).isNotDone();
    time.advance(ofMillis(1));
    closing.get();
    assertThat(warnings.texts())
        .hasSize(1)
        .allMatch(text -> text.contains("removals have not been told to listeners"));

    hold.release();
    assertThat(told).as("what was under way").containsExactly("a");
  }

  @Test
  void whatIsQueuedIsToldBeforeAHandleIsClosedThatIsNotTheLast() throws Exception {
    KeyValueStore store = open();
    KeyValueStore other = open();
    hang(store);
    remove(store, "a", "b");
    FutureTask<Boolean> closing = start(store::close);
    time.awaitWaiting(1);
    remove(other, "c");
    hold.release();
    closing.get();

    assertThat(told).as("but what came afterwards").containsExactly("a", "b");
  }

  @Test
  void closingWaitsForAllListenersTogetherNoLongerThanForOne() throws Exception {
    KeyValueStore store = open("write-timeout=2s");
    hang(store);
    hang(store);
    remove(store, "a");
    FutureTask<Boolean> closing = start(store::close);
    time.awaitWaiting(1);
    time.advance(ofSeconds(2));
    closing.get();

    assertThat(time.elapsed()).isEqualTo(ofSeconds(2));
  }

  @Test
  void anInterruptedCloserWaitsAllTheSame() throws Exception {
    KeyValueStore store = open();
    hang(store);
    remove(store, "a", "b");
    FutureTask<Boolean> closing =
        new FutureTask<>(
            () -> {
              Thread.currentThread().interrupt();
              store.close();
              return Thread.interrupted();
            });
    new Thread(closing).start();
    time.awaitWaiting(1);
    hold.release();

    assertThat(closing.get()).as("still interrupted").isTrue();
    assertThat(told).containsExactly("a", "b");
  }

  @Test
  void closingAHandleDoesNotWaitForTheListenersOfOthers() {
    KeyValueStore store = open();
    KeyValueStore other = open();
    hang(other);
    store.onRemoval(removal -> {});
    remove(store, "a");
    time.advance(ofSeconds(1));
    store.close();

    assertThat(told).isEmpty();
    hold.release();
    assertThat(told).containsExactly("a");
  }

  @Test
  void aListenerMayCloseTheRegistry() {
    KeyValueStore store = open();
    KeyValueStore other = registry.open("nadb:mem:other");
    other.onRemoval(removal -> told.add("other " + removal.key()));
    store.onRemoval(
        removal -> {
          told.add(removal.key());
          registry.close();
        });
    store.transaction(
        transaction -> {
          transaction.set("a", utf8("v"));
          transaction.set("b", utf8("v"));
          return null;
        });
    store.clear();

    assertThat(told).hasSize(1);
    assertThatThrownBy(() -> other.get("k")).isInstanceOf(IllegalStateException.class);
    assertThat(time.elapsed()).as("nobody has waited").isZero();
  }

  @Test
  void aListenerThatTakesItselfAwayMayCloseTheStoreAfterwards() {
    KeyValueStore store = open();
    Registration[] own = new Registration[1];
    own[0] =
        store.onRemoval(
            removal -> {
              own[0].close();
              store.close();
              told.add(removal.key());
            });
    remove(store, "a");

    assertThat(told).containsExactly("a");
    assertThatThrownBy(() -> store.get("k")).isInstanceOf(IllegalStateException.class);
  }
}
