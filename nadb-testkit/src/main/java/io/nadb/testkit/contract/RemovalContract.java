package io.nadb.testkit.contract;

import static io.nadb.RemovalCause.CLEARED;
import static io.nadb.RemovalCause.DELETED;
import static io.nadb.RemovalCause.EXPIRED;
import static io.nadb.RemovalCause.REPLACED;
import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.RemovalListener;
import io.nadb.SetOptions;
import io.nadb.testkit.Crash;
import io.nadb.testkit.Operation;
import io.nadb.testkit.contract.Fixture.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What listeners are told: each removal once, with its cause, and what was removed. */
interface RemovalContract extends Fixture {

  /** A change of the key {@code k}, which has the value {@code 7}, tags and no TTL. */
  private void expect(RemovalCause cause, Consumer<KeyValueStore> change) {
    wherever(
        place -> {
          store().set("k", utf8("7"), SetOptions.tags("t"));
          Entry before = store().entry("k").orElseThrow();
          settle(place);
          List<Removal> told = record(store());
          change.accept(store());

          assertThat(told)
              .as("%s", place)
              .containsExactly(
                  new Removal(
                      cause,
                      store().stats().sequence(),
                      before.metadata(),
                      Optional.of(before.value())));
        });
  }

  /** Brings what was written to a place, and lets time pass, so that what comes later is later. */
  private void settle(Place place) {
    place.settle(this);
    pass(ofSeconds(1));
  }

  /** All that listeners to a store are told from now on, with values. */
  private static List<Removal> record(KeyValueStore store) {
    List<Removal> told = Collections.synchronizedList(new ArrayList<>());
    store.onRemoval(RemovalListener.withValues(told::add));
    return told;
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TAGS})
  default void whateverDeletesAnEntryTellsOfIt() {
    expect(DELETED, store -> store.delete("k"));
    expect(DELETED, store -> store.delete("k", utf8("7")));
    expect(DELETED, store -> store.getAndDelete("k"));
    expect(DELETED, store -> store.compute("k", before -> Optional.empty()));
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TAGS})
  default void whateverReplacesAnEntryTellsOfTheOneBefore() {
    expect(REPLACED, store -> store.set("k", utf8("w")));
    expect(REPLACED, store -> store.set("k", utf8("7")));
    expect(REPLACED, store -> store.set("k", utf8("w"), SetOptions.none().keepingTags()));
    expect(REPLACED, store -> store.setIfPresent("k", utf8("w")));
    expect(REPLACED, store -> store.getAndSet("k", utf8("w")));
    expect(REPLACED, store -> store.replace("k", utf8("7"), utf8("w")));
    expect(REPLACED, store -> store.compute("k", before -> Optional.of(utf8("w"))));
    expect(REPLACED, store -> store.increment("k", 1));
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TRANSACTIONS, Capability.TAGS})
  default void aTransactionTellsOfWhatItHasRemovedInTheEnd() {
    expect(
        DELETED,
        store ->
            store.transaction(
                transaction -> {
                  transaction.set("k", utf8("w"));
                  transaction.set("other", utf8("w"));
                  transaction.delete("other");
                  return transaction.delete("k");
                }));
    expect(
        REPLACED,
        store ->
            store.transaction(
                transaction -> {
                  transaction.delete("k");
                  transaction.set("k", utf8("w"));
                  return null;
                }));
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TTL})
  default void whatRemovesNothingTellsNothing() {
    wherever(
        place -> {
          store().set("k", utf8("7"));
          store().set("gone", utf8("v"));
          store().delete("gone");
          settle(place);
          List<Removal> told = record(store());
          store().set("new", utf8("v"));
          store().set("gone", utf8("v"));
          store().setIfAbsent("k", utf8("v"));
          store().setIfAbsent("newer", utf8("v"));
          store().setIfPresent("absent", utf8("v"));
          store().replace("k", utf8("8"), utf8("v"));
          store().delete("absent");
          store().delete("k", utf8("8"));
          store().getAndDelete("absent");
          store().touch("k", ofSeconds(1));
          store().touch("absent", ofSeconds(1));
          store().cleanupExpired();
          heal();
          store().flush();

          assertThat(told).as("%s", place).isEmpty();
        });
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TTL, Capability.TAGS})
  default void whatIsRemovedIsToldAsItWasSeenBefore() {
    wherever(
        place -> {
          store().set("k", utf8("1"), SetOptions.tags("t").withTtl(ofSeconds(90)));
          store().flush();
          pass(ofSeconds(1));
          store().set("k", utf8("2"), SetOptions.tags("u").withTtl(ofSeconds(90)));
          settle(place);
          List<Removal> told = record(store());
          List<EntryMetadata> seen = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            seen.add(store().metadata("k").orElseThrow());
            store().set("k", utf8("3"), SetOptions.tags("v"));
            seen.add(store().metadata("k").orElseThrow());
            store().touch("k", ofSeconds(7));
            pass(ofSeconds(1));
            seen.set(seen.size() - 1, store().metadata("k").orElseThrow());
            store().increment("k", 1);
          }

          assertThat(told).as("%s", place).extracting(Removal::metadata).isEqualTo(seen);
          assertThat(told)
              .extracting(removal -> text(removal.value().orElseThrow()))
              .containsExactly("2", "3", "4", "3", "4", "3");
        });
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TTL})
  default void theSweepTellsOnceOfWhatHasExpired() {
    KeyValueStore store = open("flush=off", "sweep=60s");
    Fixture.setAll(store, "ever");
    store.set("flushed", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    store.flush();
    store.set("buffered", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    List<Removal> told = record(store);
    pass(ofSeconds(59));
    assertThat(store.keys("")).containsExactly("ever");
    assertThat(told).as("it is told when it is removed").isEmpty();

    pass(ofSeconds(1));
    assertThat(told)
        .extracting(Removal::key, Removal::cause)
        .containsExactlyInAnyOrder(tuple("flushed", EXPIRED), tuple("buffered", EXPIRED));
    store.flush();
    store.set("flushed", utf8("v"));
    pass(ofMinutes(2));
    assertThat(told).hasSize(2);
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TTL})
  default void whoeverMeetsAnExpiredEntryTellsThatItHasExpired() {
    expectExpired(store -> store.set("k", utf8("w")));
    expectExpired(store -> store.setIfAbsent("k", utf8("w")));
    expectExpired(store -> store.getAndSet("k", utf8("w")));
    expectExpired(store -> store.increment("k", 1));
    expectExpired(store -> store.clear());
    expectExpired(store -> store.cleanupExpired());
    expectExpired(
        store -> {
          store.delete("k");
          store.getAndDelete("k");
          store.touch("k", ofSeconds(1));
          store.cleanupExpired();
        });
  }

  private void expectExpired(Consumer<KeyValueStore> change) {
    whereverItIsSound(
        place -> {
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(1)));
          EntryMetadata before = store().metadata("k").orElseThrow();
          settle(place);
          List<Removal> told = record(store());
          change.accept(store());
          long sequence = store().stats().sequence();
          store().flush();
          store().delete("k");
          store().cleanupExpired();

          assertThat(told.get(0))
              .as("%s", place)
              .isEqualTo(new Removal(EXPIRED, sequence, before, Optional.of(utf8("v"))));
          assertThat(told).filteredOn(removal -> removal.cause() == EXPIRED).hasSize(1);
        });
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TTL})
  default void clearTellsOfEachEntryOfItsNamespace() {
    KeyValueStore other = namespace("other");
    List<Removal> others = record(other);
    Fixture.setAll(store(), "a", "b", "replaced", "deleted");
    store().set("expired", utf8("v"), SetOptions.ttl(ofSeconds(1)));
    Fixture.setAll(other, "a");
    store().flush();
    Fixture.setAll(store(), "c", "replaced");
    store().delete("deleted");
    pass(ofSeconds(1));
    List<Removal> told = record(store());
    store().clear();
    store().clear();

    assertThat(told)
        .extracting(Removal::key, Removal::cause)
        .containsExactlyInAnyOrder(
            tuple("a", CLEARED),
            tuple("b", CLEARED),
            tuple("replaced", CLEARED),
            tuple("expired", EXPIRED),
            tuple("c", CLEARED));
    assertThat(told).allMatch(removal -> removal.value().isPresent());
    assertThat(others).isEmpty();
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.BUFFER})
  default void whatAClearHasRemovedIsToldAlthoughItsFlushFailed() {
    Fixture.setAll(store(), "a");
    store().flush();
    Fixture.setAll(store(), "b");
    List<Removal> told = record(store());
    harness().faults().on(Operation.APPLY).nth(2).always().fail(new IOException("no space"));
    assertThatThrownBy(() -> store().clear()).isInstanceOf(NadbException.class);

    assertThat(told).extracting(Removal::key).containsExactlyInAnyOrder("a", "b");
    heal();
    store().flush();
    store().clear();
    assertThat(told).hasSize(2);
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TTL})
  default void removalsAreToldInTheOrderOfTheirSequenceNumbers() {
    List<Removal> told = record(store());
    Fixture.setAll(store(), "a", "b", "c"); // 1 to 3
    store().set("b", utf8("v")); // 4
    store().delete("a"); // 5
    store().set("a", utf8("v"), SetOptions.ttl(ofSeconds(1))); // 6
    store().flush();
    pass(ofSeconds(1));
    store().cleanupExpired(); // 7
    store().set("c", utf8("v")); // 8
    store().delete("c"); // 9

    assertThat(told)
        .extracting(Removal::sequence, Removal::key, Removal::cause)
        .containsExactly(
            tuple(4L, "b", REPLACED),
            tuple(5L, "a", DELETED),
            tuple(7L, "a", EXPIRED),
            tuple(8L, "c", REPLACED),
            tuple(9L, "c", DELETED));
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TRANSACTIONS})
  default void theRemovalsOfATransactionFollowEachOther() {
    wherever(
        place -> {
          Fixture.setAll(store(), "a", "b", "c"); // 1 to 3
          settle(place);
          List<Removal> told = record(store());
          List<String> seen = new ArrayList<>();
          KeyValueStore store = store();
          store.onRemoval(removal -> seen.addAll(store.keys("")));
          store.transaction(
              transaction -> {
                transaction.delete("a");
                transaction.set("b", utf8("w"));
                transaction.delete("c");
                return null;
              });

          assertThat(told).extracting(Removal::sequence).containsExactly(4L, 5L, 6L);
          assertThat(told)
              .extracting(Removal::key, Removal::cause)
              .containsExactlyInAnyOrder(
                  tuple("a", DELETED), tuple("b", REPLACED), tuple("c", DELETED));
          assertThat(seen).as("when the first is told, all show").containsExactly("b", "b", "b");
        });
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.TTL, Capability.PERSISTENCE})
  default void whatHasExpiredWhileTheStoreWasClosedIsToldToWhoListensFromTheOpening() {
    KeyValueStore store = open("sweep=60s");
    store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    harness().stop();
    pass(ofMinutes(10));
    harness().restart();
    List<Removal> told = record(store);
    pass(ofSeconds(60));

    assertThat(told)
        .extracting(Removal::key, Removal::cause, removal -> text(removal.value().orElseThrow()))
        .containsExactly(tuple("k", EXPIRED, "v"));
  }

  @Test
  @Requires({Capability.REMOVALS, Capability.CRASH_SAFETY})
  default void aRemovalThatACrashHasUndoneWasToldAllTheSame() {
    KeyValueStore store = open("flush=off");
    Fixture.setAll(store, "k");
    store.flush();
    List<Removal> told = record(store);
    store.delete("k");
    harness().crash(Crash.POWER_CUT);
    harness().restart();
    assertThat(text(store, "k")).contains("v");
    assertThat(told).hasSize(1);
    store.delete("k");

    assertThat(told).as("the harness's handle goes on, and so do its listeners").hasSize(2);
  }
}
