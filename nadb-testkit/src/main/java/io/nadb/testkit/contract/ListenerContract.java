package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.nadb.KeyValueStore;
import io.nadb.Registration;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.RemovalListener;
import io.nadb.SetOptions;
import io.nadb.StoreCapability;
import io.nadb.testkit.Hold;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How listeners come and go, and what they may do. */
interface ListenerContract extends Fixture {

  private static List<String> newList() {
    return Collections.synchronizedList(new ArrayList<>());
  }

  /** The keys of what is removed from now on. */
  private static List<String> record(KeyValueStore store) {
    List<String> keys = newList();
    store.onRemoval(removal -> keys.add(removal.key()));
    return keys;
  }

  private static void setAndDelete(KeyValueStore store, String... keys) {
    for (String key : keys) {
      store.set(key, utf8("v"));
      store.delete(key);
    }
  }

  @Test
  default void aStoreThatTellsNothingSaysSoWhenSomebodyWantsToListen() {
    if (store().capabilities().contains(StoreCapability.REMOVALS)) {
      store().onRemoval(removal -> {});
    } else {
      assertThatThrownBy(() -> store().onRemoval(removal -> {}))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining(store().name());
    }
  }

  @Test
  default void aStoreSaysWhatItCanDo() {
    Set<StoreCapability> expected = EnumSet.of(StoreCapability.WRITES);
    if (can(Capability.REMOVALS)) {
      expected.add(StoreCapability.REMOVALS);
    }
    if (can(Capability.OPACITY)) {
      expected.add(StoreCapability.ONE_MOMENT);
    }

    assertThat(store().capabilities()).containsAll(expected).isUnmodifiable();
  }

  @Test
  @Requires(Capability.REMOVALS)
  default void aListenerIsToldFromItsRegistrationToItsEnd() {
    setAndDelete(store(), "before");
    List<String> keys = newList();
    Registration registration = store().onRemoval(removal -> keys.add(removal.key()));
    List<String> others = record(store());
    setAndDelete(store(), "a", "b");
    registration.close();
    setAndDelete(store(), "c");
    registration.close();

    assertThat(keys).containsExactly("a", "b");
    assertThat(others).containsExactly("a", "b", "c");
  }

  @Test
  @Requires(Capability.REMOVALS)
  default void aListenerIsToldOfItsOwnNamespaceAlone() {
    KeyValueStore other = namespace("other");
    List<String> here = record(store());
    List<String> there = record(other);
    setAndDelete(store(), "here");
    setAndDelete(other, "there");

    assertThat(here).containsExactly("here");
    assertThat(there).containsExactly("there");
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TRANSACTIONS})
  default void aTransactionOfSeveralNamespacesTellsEachItsOwn() {
    KeyValueStore other = namespace("other");
    Fixture.setAll(store(), "here", "both");
    Fixture.setAll(other, "there", "both");
    List<String> there = record(other);
    store()
        .transaction(
            transaction -> {
              transaction.delete("here");
              transaction.delete("both");
              transaction.namespace("other").delete("there");
              return null;
            });

    assertThat(there).containsExactly("there");
  }

  @Test
  @Requires(Capability.REMOVALS)
  default void closingAHandleEndsTheListenersThatCameByIt() {
    KeyValueStore second = harness().open(urlOf(store()));
    List<String> ofTheFirst = record(store());
    List<String> ofTheSecond = record(second);
    setAndDelete(store(), "a");
    second.close();
    setAndDelete(store(), "b");

    assertThat(ofTheFirst).containsExactly("a", "b");
    assertThat(ofTheSecond).containsExactly("a");
    assertThatThrownBy(() -> second.onRemoval(removal -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @Requires(Capability.REMOVALS)
  default void whatAListenerThrowsIsCountedAndKeepsNobodyFromBeingTold() {
    List<String> keys = newList();
    for (Error error : new Error[] {new AssertionError("mine"), new OutOfMemoryError("mine")}) {
      store()
          .onRemoval(
              removal -> {
                keys.add(removal.key());
                throw error;
              });
    }
    List<String> others = record(store());
    setAndDelete(store(), "a", "b");
    store()
        .onRemoval(
            removal -> {
              Thread.currentThread().interrupt();
              throw new IllegalStateException("mine");
            });
    setAndDelete(store(), "c");

    assertThat(keys).containsExactlyInAnyOrder("a", "a", "b", "b", "c", "c");
    assertThat(others).containsExactly("a", "b", "c");
    assertThat(store().stats().listenerFailures()).isEqualTo(7);
    assertThat(store().stats().pendingRemovals()).isZero();
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TTL})
  default void aListenerMayUseTheStore() {
    KeyValueStore store = open("flush=5s", "sweep=60s");
    List<String> keys = newList();
    store.onRemoval(
        removal -> {
          keys.add(removal.key());
          if (removal.key().equals("k")) {
            store.set("copy", utf8("v"));
            store.set("copy", utf8("w"));
            store.flush();
            store.delete("copy");
            store.cleanupExpired();
            assertThat(store.keys("")).isEmpty();
            store.set("one of many", utf8("v"));
            store.clear();
          }
        });
    setAndDelete(store, "k");
    assertThat(keys).containsExactly("k", "copy", "copy", "one of many");
    store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(1)));
    pass(ofSeconds(60));
    store.set("k", utf8("v"));
    store.clear();

    assertThat(keys).filteredOn("k"::equals).hasSize(3);
    assertThat(keys).hasSize(12);
    assertThat(store.stats().listenerFailures()).isZero();
  }

  @Test
  @Requires(Capability.REMOVALS)
  default void aListenerMayEndItself() {
    List<String> keys = newList();
    Registration[] own = new Registration[1];
    own[0] =
        store()
            .onRemoval(
                removal -> {
                  keys.add(removal.key());
                  own[0].close();
                });
    List<String> others = record(store());
    setAndDelete(store(), "a", "b");

    assertThat(keys).containsExactly("a");
    assertThat(others).containsExactly("a", "b");
  }

  @Test
  @Requires(Capability.REMOVALS)
  default void aListenerMayCloseTheStore() {
    KeyValueStore store = open();
    List<String> keys = newList();
    store.onRemoval(
        removal -> {
          keys.add(removal.key());
          store.close();
        });
    setAndDelete(store, "a");

    assertThat(keys).containsExactly("a");
    assertThatThrownBy(() -> store.get("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.BUFFER, Capability.TTL})
  default void aListenerThatHangsKeepsNoFlushAndNoSweepWaiting() throws Exception {
    KeyValueStore store = open("flush=5s", "sweep=60s");
    Hold hold = harness().time().newHold();
    List<Removal> told = Collections.synchronizedList(new ArrayList<>());
    store.onRemoval(
        RemovalListener.withValues(
            removal -> {
              hold.pass();
              told.add(removal);
            }));
    setAndDelete(store, "a");
    hold.awaitHeld();
    store.set("b", utf8("v"), SetOptions.ttl(ofSeconds(1)));
    pass(ofSeconds(5));
    assertThat(store.stats().bufferedKeys()).isZero();
    pass(ofSeconds(55));
    assertThat(store.stats().expired()).isEqualTo(1);
    assertThat(store.stats().pendingRemovals()).isEqualTo(2);
    assertThat(told).isEmpty();

    hold.release();
    assertThat(told)
        .extracting(Removal::cause)
        .containsExactly(RemovalCause.DELETED, RemovalCause.EXPIRED);
    assertThat(store.stats().pendingRemovals()).isZero();
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TTL})
  default void aValueIsBroughtOnlyToWhoWantsIt() {
    wherever(
        place -> {
          Fixture.setAll(store(), "deleted", "replaced");
          store().set("expired", utf8("v"), SetOptions.ttl(ofSeconds(1)));
          place.settle(this);
          pass(ofSeconds(1));
          List<Removal> told = Collections.synchronizedList(new ArrayList<>());
          List<Removal> plain = Collections.synchronizedList(new ArrayList<>());
          store()
              .onRemoval(
                  new RemovalListener() {
                    @Override
                    public void onRemoval(Removal removal) {
                      removal.value().ifPresent(value -> value[0] = 'x');
                      told.add(removal);
                    }

                    @Override
                    public boolean wantsValue(RemovalCause cause) {
                      return cause != RemovalCause.REPLACED;
                    }
                  });
          store().onRemoval(plain::add);
          List<Removal> whole = Collections.synchronizedList(new ArrayList<>());
          store().onRemoval(RemovalListener.withValues(whole::add));
          store().delete("deleted");
          store().set("replaced", utf8("w"));
          store().set("expired", utf8("w"));

          assertThat(told)
              .extracting(Removal::cause, removal -> removal.value().map(Fixture::text))
              .containsExactly(
                  tuple(RemovalCause.DELETED, Optional.of("x")),
                  tuple(RemovalCause.REPLACED, Optional.empty()),
                  tuple(RemovalCause.EXPIRED, Optional.of("x")));
          assertThat(plain).hasSize(3).allMatch(removal -> removal.value().isEmpty());
          assertThat(whole)
              .as("each has an array of its own")
              .hasSize(3)
              .allMatch(removal -> text(removal.value().orElseThrow()).equals("v"));
        });
  }
}
