package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ConflictException;
import io.nadb.SetOptions;
import io.nadb.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transactions that others get in the way of: what conflicts, and what does not. */
interface ConflictContract extends Fixture {
  private void expectConflict(Transaction transaction, String key) {
    assertThatThrownBy(transaction::commit)
        .isInstanceOfSatisfying(
            ConflictException.class,
            conflict -> {
              assertThat(conflict.key()).isEqualTo(key);
              assertThat(conflict.attempts()).isEqualTo(1);
            })
        .hasMessageContaining("'" + key + "'");
    assertThatThrownBy(() -> transaction.get(key))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lost");
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aTransactionByHandLosesIfWhatItReadWasOverwrittenDeletedOrMade() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "overwritten", "deleted", "remade");
          place.settle(this);
          for (String key : List.of("overwritten", "deleted", "made", "remade")) {
            try (Transaction transaction = store().begin()) {
              transaction.get(key);
              transaction.set("mine", utf8("w"));
              pass(ofMillis(1));
              if (key.equals("overwritten") || key.equals("made")) {
                store().set(key, utf8("w"));
              } else {
                store().delete(key);
              }
              if (key.equals("remade")) {
                store().set(key, utf8("v"));
              }
              expectConflict(transaction, key);
            }
          }
          assertThat(store().contains("mine")).isFalse();
        });
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void anEntryThatIsOnlyLookedForCountsAsRead() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "contains", "metadata", "entry", "delete");
          place.settle(this);
          for (String key : List.of("contains", "metadata", "entry", "delete")) {
            try (Transaction transaction = store().begin()) {
              switch (key) {
                case "contains" -> transaction.contains(key);
                case "metadata" -> transaction.metadata(key);
                case "entry" -> transaction.entry(key);
                default -> transaction.delete(key);
              }
              transaction.set("mine", utf8("w"));
              pass(ofMillis(1));
              store().set(key, utf8("w"));
              expectConflict(transaction, key);
            }
          }
        });
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void whatWasNotReadConflictsWithNothing() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "a", "b");
          place.settle(this);
          try (Transaction transaction = store().begin()) {
            transaction.get("a");
            transaction.set("b", utf8("w"));
            store().set("b", utf8("x"));
            store().set("c", utf8("x"));
            transaction.commit();
          }

          assertThat(text(store(), "b")).contains("w");
        });
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void whatIsReadLaterMayBeNewer() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "a", "b", "c");
          place.settle(this);
          try (Transaction transaction = store().begin()) {
            assertThat(transaction.get("a").map(Fixture::text)).contains("v");
            store().set("b", utf8("w"));
            store().delete("c");
            assertThat(transaction.get("b").map(Fixture::text)).contains("w");
            assertThat(transaction.contains("c")).isFalse();
            transaction.set("a", utf8("x"));
            transaction.commit();
          }

          assertThat(text(store(), "a")).contains("x");
        });
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.OPACITY})
  default void noFunctionEverSeesAStateThatDidNotExist() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "x", "y");
          place.settle(this);
          List<String> seen = new ArrayList<>();
          store()
              .transaction(
                  transaction -> {
                    String x = transaction.get("x").map(Fixture::text).orElseThrow();
                    if (seen.isEmpty()) {
                      seen.add(x);
                      store()
                          .transaction(
                              other -> {
                                other.set("x", utf8("w"));
                                other.set("y", utf8("w"));
                                return null;
                              });
                      place.settle(this);
                    }
                    assertThat(transaction.get("y").map(Fixture::text)).contains(x);
                    seen.add(x);
                    return null;
                  });

          assertThat(seen).containsExactly("v", "w");
        });
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.OPACITY})
  default void aDeletionThatHasLeftTheBufferIsNoticed() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "x", "y");
          place.settle(this);
          try (Transaction transaction = store().begin()) {
            transaction.get("x");
            store()
                .transaction(
                    other -> {
                      other.set("x", utf8("w"));
                      other.delete("y");
                      return null;
                    });
            heal();
            store().flush();
            assertThatThrownBy(() -> transaction.contains("y"))
                .isInstanceOf(ConflictException.class);
          }
        });
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aFlushBetweenReadAndCommitIsNoConflict() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "a", "b");
          place.settle(this);
          try (Transaction transaction = store().begin()) {
            transaction.get("a");
            transaction.contains("absent");
            for (int i = 0; i < 2; i++) {
              store().set("other" + i, utf8("v"));
              heal();
              store().flush();
            }
            transaction.get("b");
            transaction.get("other1");
            store().set("more", utf8("v"));
            store().flush();
            transaction.set("a", utf8("w"));
            transaction.commit();
          }

          assertThat(text(store(), "a")).contains("w");
        });
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void whatWasOverwrittenAndFlushedSinceItWasReadConflicts() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "a");
          place.settle(this);
          try (Transaction transaction = store().begin()) {
            transaction.get("a");
            transaction.set("b", utf8("w"));
            store().set("a", utf8("w"));
            heal();
            store().flush();
            expectConflict(transaction, "a");
          }
        });
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.TTL})
  default void whatExpiresBetweenReadAndCommitConflicts() {
    whereverItMayChange(
        place -> {
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(5)));
          place.settle(this);
          try (Transaction transaction = store().begin()) {
            transaction.get("k");
            transaction.set("mine", utf8("w"));
            pass(ofSeconds(5));
            expectConflict(transaction, "k");
          }
          try (Transaction transaction = store().begin()) {
            assertThat(transaction.get("k")).isEmpty();
            transaction.set("mine", utf8("w"));
            store().cleanupExpired();
            transaction.commit();
          }
          assertThat(store().keys("")).containsExactly("mine");
        });
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.OPACITY, Capability.TTL})
  default void whatHasExpiredIsNotSeenTogetherWithWhatCameLater() {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(5)));
    try (Transaction transaction = store().begin()) {
      transaction.get("k");
      pass(ofSeconds(5));
      assertThatThrownBy(() -> transaction.get("other"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("'k'");
    }
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.OPACITY, Capability.TTL})
  default void aClockThatIsSetBackBringsNothingBackIntoATransaction() {
    store().set("longer", utf8("v"), SetOptions.ttl(ofSeconds(5)));
    store().set("shorter", utf8("v"), SetOptions.ttl(ofSeconds(4)));
    harness().time().shiftClock(ofSeconds(6));
    try (Transaction transaction = store().begin()) {
      assertThat(transaction.get("longer")).isEmpty();
      harness().time().shiftClock(ofSeconds(-3));
      assertThat(transaction.get("shorter")).as("what ended before").isEmpty();
    }
    assertThat(store().keys("")).containsExactly("longer", "shorter");
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void ofTwoWhoReadWhatTheOtherWritesOneLoses() {
    whereverItMayChange(
        place -> {
          store().set("alice", utf8("on call"));
          store().set("bob", utf8("on call"));
          place.settle(this);
          try (Transaction one = store().begin();
              Transaction other = store().begin()) {
            one.get("bob");
            other.get("alice");
            one.set("alice", utf8("off"));
            other.set("bob", utf8("off"));
            one.commit();
            expectConflict(other, "alice");
          }

          assertThat(text(store(), "bob")).contains("on call");
        });
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void clearingConflictsWithWhatWasRead() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "k");
          place.settle(this);
          heal();
          try (Transaction transaction = store().begin()) {
            transaction.get("k");
            transaction.set("mine", utf8("w"));
            store().clear();
            expectConflict(transaction, "k");
          }
          assertThat(store().keys("")).isEmpty();
        });
  }
}
