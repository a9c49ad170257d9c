package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.Transaction;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Transactions that nobody gets in the way of. */
interface TransactionContract extends Fixture {

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aTransactionIsVisibleWhenItIsCommittedAndNotBefore() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "a", "b");
          place.settle(this);
          long last;
          try (Transaction transaction = store().begin()) {
            transaction.set("a", utf8("w"));
            assertThat(transaction.delete("b")).isTrue();
            transaction.set("c", utf8("w"), SetOptions.tags("t"));
            assertThat(text(store(), "a")).contains("v");
            assertThat(store().keys("")).containsExactly("a", "b");
            last = transaction.commit();
          }

          for (int i = 0; i < 2; i++) {
            assertThat(store().keys("")).containsExactly("a", "c");
            assertThat(text(store(), "a")).contains("w");
            assertThat(store().queryByTags("t")).hasSize(1);
            heal();
            store().flush();
          }
          assertThat(last).isEqualTo(store().stats().sequence());
          assertThat(last).isEqualTo(changesPassTheBuffer() ? 2 : 5);
        });
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.TTL, Capability.TAGS})
  default void aTransactionSeesItsOwnWrites() {
    whereverItMayChange(
        place -> {
          store().set("a", utf8("v"), SetOptions.ttl(ofSeconds(9)).withTags("t"));
          place.settle(this);
          store()
              .transaction(
                  transaction -> {
                    transaction.set("a", utf8("w"), SetOptions.none().keepingTags().keepingTtl());
                    transaction.set("b", utf8("x"), SetOptions.ttl(ofSeconds(5)));
                    assertThat(transaction.get("a").map(Fixture::text)).contains("w");
                    EntryMetadata metadata = transaction.metadata("a").orElseThrow();
                    assertThat(metadata.tags()).containsExactly("t");
                    assertThat(metadata.expiresAt()).contains(now().plusSeconds(9));
                    assertThat(transaction.entry("b").orElseThrow().value()).isEqualTo(utf8("x"));
                    assertThat(transaction.entry("b").orElseThrow().metadata().expiresAt())
                        .contains(now().plusSeconds(5));
                    assertThat(transaction.delete("a")).isTrue();
                    assertThat(transaction.delete("a")).isFalse();
                    assertThat(transaction.contains("a")).isFalse();
                    assertThat(transaction.get("a")).isEmpty();
                    assertThat(transaction.entry("a")).isEmpty();
                    return null;
                  });

          assertThat(store().keys("")).containsExactly("b");
        });
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.TTL, Capability.TAGS})
  default void whatIsKeptIsThatOfTheEntryThatIsReplaced() {
    whereverItMayChange(
        place -> {
          Instant created = now();
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(9)).withTags("t"));
          place.settle(this);
          pass(ofSeconds(1));
          SetOptions keeping = SetOptions.none().keepingTags().keepingTtl();
          store()
              .transaction(
                  transaction -> {
                    transaction.set("k", utf8("w"), keeping);
                    transaction.set("k", utf8("x"), keeping);
                    transaction.set("new", utf8("x"), keeping);
                    return null;
                  });

          for (int i = 0; i < 2; i++) {
            assertThat(store().metadata("k"))
                .contains(
                    new EntryMetadata(
                        "k", 1, created, now(), Optional.of(created.plusSeconds(9)), Set.of("t")));
            assertThat(store().metadata("new"))
                .contains(new EntryMetadata("new", 1, now(), now(), Optional.empty(), Set.of()));
            heal();
            store().flush();
          }
        });
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.TTL})
  default void aTtlBeginsAtTheCommit() {
    whereverItMayChange(
        place -> {
          store()
              .transaction(
                  transaction -> {
                    transaction.set("k", utf8("v"), SetOptions.ttl(ofSeconds(5)));
                    pass(ofSeconds(3));
                    transaction.set("k", utf8("w"), SetOptions.none().keepingTtl());
                    return null;
                  });

          EntryMetadata metadata = store().metadata("k").orElseThrow();
          assertThat(metadata.updated()).isEqualTo(now());
          assertThat(metadata.expiresAt()).contains(now().plusSeconds(5));
          pass(ofSeconds(5));
          assertThat(store().contains("k")).isFalse();
        });
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.TAGS})
  default void theLastWordOnAKeyCounts() {
    whereverItMayChange(
        place -> {
          store().set("k", utf8("v"), SetOptions.tags("t"));
          store().set("gone", utf8("v"));
          place.settle(this);
          pass(ofSeconds(1));
          long before = store().stats().sequence();
          store()
              .transaction(
                  transaction -> {
                    transaction.set("k", utf8("1"));
                    transaction.delete("k");
                    transaction.set("k", utf8("2"), SetOptions.none().keepingTags());
                    transaction.set("gone", utf8("1"));
                    transaction.delete("gone");
                    return null;
                  });

          assertThat(store().stats().sequence() - before).isEqualTo(changesPassTheBuffer() ? 0 : 2);
          for (int i = 0; i < 2; i++) {
            assertThat(text(store(), "k")).contains("2");
            assertThat(store().keys("")).containsExactly("k");
            assertThat(store().metadata("k").orElseThrow().tags()).isEmpty();
            assertThat(store().metadata("k").orElseThrow().created()).isEqualTo(now());
            heal();
            store().flush();
          }
        });
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void whatIsRolledBackLeavesNoTrace() {
    store().set("k", utf8("v"));
    long buffered = store().stats().bufferedKeys();
    try (Transaction transaction = store().begin()) {
      transaction.set("k", utf8("w"));
      transaction.set("new", utf8("w"));
      transaction.rollback();
      transaction.rollback();
      assertThatThrownBy(() -> transaction.get("k"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("rolled back");
      assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
    }
    try (Transaction transaction = store().begin()) {
      transaction.delete("k");
    }
    assertThatThrownBy(
            () ->
                store()
                    .transaction(
                        transaction -> {
                          transaction.set("k", utf8("w"));
                          throw new UnsupportedOperationException("mine");
                        }))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("mine");
    String left =
        store()
            .transaction(
                transaction -> {
                  transaction.set("k", utf8("w"));
                  transaction.rollback();
                  return "left";
                });

    assertThat(left).isEqualTo("left");
    assertThat(text(store(), "k")).contains("v");
    assertThat(store().keys("")).containsExactly("k");
    assertThat(store().stats().sequence()).isEqualTo(1);
    if (!changesPassTheBuffer()) { // Else a read has sent what was buffered.
      assertThat(store().stats().bufferedKeys()).isEqualTo(buffered);
    }
    assertThat(store().stats().sets()).isEqualTo(1);
    assertThat(store().stats().deletes()).isZero();
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aTransactionThatWritesNothingTellsWhatItHasRead() {
    store().set("k", utf8("v"));
    Optional<String> read =
        store().transaction(transaction -> transaction.get("k").map(Fixture::text));
    try (Transaction transaction = store().begin()) {
      assertThat(transaction.contains("other")).isFalse();
      assertThat(transaction.commit()).isEqualTo(1);
    }
    try (Transaction transaction = store().begin()) {
      assertThat(transaction.commit()).isEqualTo(1);
    }

    assertThat(read).contains("v");
    assertThat(store().stats().sequence()).isEqualTo(1);
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aTransactionMayHaveSeveralNamespaces() {
    whereverItMayChange(
        place -> {
          KeyValueStore other = namespace("other");
          store().set("k", utf8("here"));
          other.set("k", utf8("there"));
          place.settle(this);
          store()
              .transaction(
                  here -> {
                    Transaction there = here.namespace("other");
                    byte[] moved = there.get("k").orElseThrow();
                    there.delete("k");
                    here.set("k", moved);
                    there.namespace("third").set("k", moved);
                    assertThat(here.namespace("other").get("k")).isEmpty();
                    return null;
                  });

          assertThat(text(store(), "k")).contains("there");
          assertThat(other.keys("")).isEmpty();
          assertThat(text(namespace("third"), "k")).contains("there");
        });
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.BUFFER})
  default void aTransactionLargerThanTheBufferGoesThroughAsOneCut() {
    KeyValueStore small = open("buffer=64kb", "flush=off", "sweep=off");
    small.set("before", utf8("v"));
    small.transaction(
        transaction -> {
          for (int i = 0; i < 50; i++) {
            transaction.set("k" + i, Fixture.random(10_000));
          }
          return null;
        });

    assertThat(small.size()).isEqualTo(51);
    assertThat(small.get("k49").orElseThrow()).isEqualTo(Fixture.random(10_000));
    assertThat(small.stats().durableSequence()).isEqualTo(changesPassTheBuffer() ? 1 : 51);
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void valuesOfATransactionAreCopiedInAndOut() {
    byte[] value = utf8("value");
    store()
        .transaction(
            transaction -> {
              transaction.set("k", value);
              value[0] = 'X';
              transaction.get("k").orElseThrow()[1] = 'X';
              transaction.entry("k").orElseThrow().value()[2] = 'X';
              return null;
            });
    store().transaction(transaction -> transaction.get("k").orElseThrow()[1] = 'X');

    assertThat(text(store(), "k")).contains("value");
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aFunctionMustNotCommitItself() {
    assertThatThrownBy(
            () ->
                store()
                    .transaction(
                        transaction -> {
                          transaction.set("k", utf8("v"));
                          return transaction.commit();
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("committed when the function returns");
    assertThat(store().contains("k")).isFalse();
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aTransactionThatIsOverRefusesEverything() {
    Transaction transaction = store().begin();
    transaction.set("k", utf8("v"));
    transaction.commit();
    transaction.close();
    transaction.rollback();

    assertThatThrownBy(() -> transaction.set("k", utf8("w")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("committed");
    assertThatThrownBy(() -> transaction.namespace("other"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(text(store(), "k")).contains("v");
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  @SuppressWarnings("NullAway") // that is what is tested
  default void whatATransactionRefusesLeavesItAsItWas() {
    store()
        .transaction(
            transaction -> {
              transaction.set("k", utf8("v"));
              assertThatThrownBy(() -> transaction.set("", utf8("v")))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> transaction.set("k", null))
                  .isInstanceOf(NullPointerException.class);
              assertThatThrownBy(() -> transaction.get(null))
                  .isInstanceOf(NullPointerException.class);
              assertThatThrownBy(() -> transaction.namespace(""))
                  .isInstanceOf(IllegalArgumentException.class);
              return null;
            });
    assertThatThrownBy(() -> store().transaction(null)).isInstanceOf(NullPointerException.class);

    assertThat(text(store(), "k")).contains("v");
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aStoreThatIsClosedInAFunctionEndsIt() {
    for (boolean reads : new boolean[] {true, false}) {
      KeyValueStore closing = open("flush=off", "sweep=off");
      assertThatThrownBy(
              () ->
                  closing.transaction(
                      transaction -> {
                        transaction.set("k", utf8("v"));
                        closing.close();
                        return reads ? transaction.get("other") : Optional.empty();
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
    try (KeyValueStore again = open("flush=off", "sweep=off")) {
      assertThat(again.keys("")).isEmpty();
    }
  }
}
