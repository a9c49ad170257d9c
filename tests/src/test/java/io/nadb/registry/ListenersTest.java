package io.nadb.registry;

import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.Registration;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.RemovalListener;
import org.junit.jupiter.api.Test;

/** The threads on which listeners to removals are called: who waits for whom, and for how long. */
class ListenersTest extends ListenerThreads {
  @Test
  void thereIsAThreadWhileSomebodyListens() {
    KeyValueStore store = open();
    assertThat(threads).containsExactly("nadb-sync");
    Registration one = store.onRemoval(removal -> {});
    assertThat(threads).containsExactly("nadb-sync", "nadb-removals");
    Registration two = store.onRemoval(removal -> {});
    assertThat(threads).containsExactly("nadb-sync", "nadb-removals", "nadb-removals-standby");
    two.close();
    assertThat(threads).containsExactly("nadb-sync", "nadb-removals");
    one.close();
    assertThat(threads).containsExactly("nadb-sync");
    store.onRemoval(removal -> {});
    store.close();
    assertThat(threads).isEmpty();
  }

  @Test
  void listenersAreCalledOnThatThread() {
    KeyValueStore store = open();
    store.onRemoval(removal -> told.add(Thread.currentThread().getName()));
    remove(store, "a");

    assertThat(told).hasSize(1).allMatch(name -> name.matches("nadb-removals-\\d+"));
  }

  @Test
  void aListenerThatInterruptsItsThreadDisturbsNobody() {
    KeyValueStore store = open();
    store.onRemoval(
        removal -> {
          told.add(removal.key() + Thread.currentThread().isInterrupted());
          Thread.currentThread().interrupt();
        });
    store.transaction(
        transaction -> {
          transaction.set("a", utf8("v"));
          transaction.set("b", utf8("v"));
          return null;
        });
    store.clear();

    assertThat(told).containsExactlyInAnyOrder("afalse", "bfalse");
  }

  @Test
  void aRegistrationThatIsClosedWaitsForNobodyAndTellsNothingMore() {
    KeyValueStore store = open();
    Registration registration = hang(store);
    remove(store, "a", "b");
    registration.close();
    assertThat(store.stats().pendingRemovals()).isZero();
    hold.release();

    assertThat(told).as("what was under way").containsExactly("a");
  }

  @Test
  void aListenerThatHangsDelaysOthersByASecondAndByNothingOnceItIsTakenAway() {
    KeyValueStore store = open();
    Registration hanging = hang(store);
    store.onRemoval(removal -> told.add("other " + removal.key()));
    remove(store, "a");
    assertThat(told).isEmpty();
    time.advance(ofSeconds(1));
    assertThat(told).containsExactly("other a");
    remove(store, "b");
    assertThat(told).containsExactly("other a", "other b");
    hanging.close();
    remove(store, "c");
    assertThat(told).containsExactly("other a", "other b", "other c");
  }

  @Test
  void theOthersAreToldAtOnceWhenAListenerIsTakenAwayInWhichTheThreadHangs() {
    KeyValueStore store = open();
    Registration hanging = hang(store);
    store.onRemoval(removal -> told.add("other " + removal.key()));
    remove(store, "a");
    assertThat(told).isEmpty();
    hanging.close();
    time.advance(ofMillis(0));
    assertThat(told).containsExactly("other a");
    assertThat(threads)
        .as("the one that hangs, and one for the other listener")
        .containsExactly("nadb-sync", "nadb-removals", "nadb-removals");
    remove(store, "b");

    assertThat(told).containsExactly("other a", "other b");
  }

  @Test
  void aListenerThatFailsWhenItIsAskedIsNotRegistered() {
    KeyValueStore store = open();
    RemovalListener listener =
        new RemovalListener() {
          @Override
          public void onRemoval(Removal removal) {
            told.add(removal.key());
          }

          @Override
          public boolean wantsValue(RemovalCause cause) {
            throw new IllegalStateException("mine");
          }
        };
    assertThatThrownBy(() -> store.onRemoval(listener)).hasMessage("mine");
    remove(store, "a");

    assertThat(told).isEmpty();
    assertThat(threads).containsExactly("nadb-sync");
  }

  @Test
  void whatAListenerThrowsIsSaidTheFirstTimeInARow() {
    KeyValueStore store = open();
    store.onRemoval(
        removal -> {
          if (!removal.key().equals("good")) {
            throw new IllegalStateException("mine");
          }
        });
    remove(store, "a", "b", "good", "c");

    assertThat(warnings.texts())
        .hasSize(2)
        .allMatch(text -> text.contains("a listener has thrown at the removal of"));
    assertThat(store.stats().listenerFailures()).isEqualTo(3);
  }
}
