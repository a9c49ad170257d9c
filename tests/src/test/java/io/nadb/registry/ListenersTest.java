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
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.testing.ForwardingTime;
import io.nadb.testing.Warnings;
import io.nadb.testkit.Hold;
import io.nadb.testkit.VirtualTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads on which listeners to removals are called: who waits for whom, and for how long. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenersTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> threads = new CopyOnWriteArrayList<>();
  private final StoreRegistry registry = StoreRegistry.create(new NamedThreads(time, threads));
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Hold hold = time.newHold();
  private final Warnings warnings = Warnings.listen();

  /** Knows which background threads there are. */
  private static final class NamedThreads extends ForwardingTime {
    private final List<String> names;

    NamedThreads(TimeSource real, List<String> names) {
      super(real);
      this.names = names;
    }

    @Override
    public Alarm newAlarm(String owner) {
      Alarm alarm = super.newAlarm(owner);
      String name = owner.replaceFirst("-\\d+", "");
      names.add(name);
      return new Alarm() {
        @Override
        public void awaitUntil(long deadlineNanos) throws InterruptedException {
          alarm.awaitUntil(deadlineNanos);
        }

        @Override
        public void ring() {
          alarm.ring();
        }

        @Override
        public void close() {
          names.remove(name);
          alarm.close();
        }
      };
    }
  }

  @AfterEach
  void close() {
    hold.release();
    registry.close();
    assertThat(threads).as("threads that outlive the registry").isEmpty();
  }

  private KeyValueStore open(String... options) {
    return registry.open(
        "nadb:mem:m" + (options.length == 0 ? "" : "?" + String.join("&", options)),
        Map.of("flush", "off", "sweep", "off"));
  }

  private static void remove(KeyValueStore store, String... keys) {
    for (String key : keys) {
      store.set(key, utf8("v"));
      store.delete(key);
    }
  }

  /** A listener that hangs until the hold is released. */
  private Registration hang(KeyValueStore store) {
    return store.onRemoval(
        removal -> {
          hold.pass();
          told.add(removal.key());
        });
  }

  private static FutureTask<Boolean> start(Runnable action) {
    FutureTask<Boolean> task = new FutureTask<>(action, true);
    new Thread(task).start();
    return task;
  }

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
