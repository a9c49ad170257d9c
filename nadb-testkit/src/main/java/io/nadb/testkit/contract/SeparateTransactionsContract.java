package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ConflictException;
import io.nadb.KeyValueStore;
import io.nadb.Transaction;
import org.junit.jupiter.api.Test;

/** Transactions of one thread that have nothing to do with each other. */
interface SeparateTransactionsContract extends Fixture {

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void twoTransactionsOfOneThreadKnowNothingOfEachOther() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "k");
          place.settle(this);
          try (Transaction one = store().begin();
              Transaction other = store().begin()) {
            one.set("k", utf8("w"));
            other.set("mine", utf8("w"));
            assertThat(other.get("k").map(Fixture::text)).contains("v");
            one.commit();
            assertThatThrownBy(other::commit).isInstanceOf(ConflictException.class);
          }
          store()
              .transaction(
                  outer -> {
                    outer.set("outer", utf8("v"));
                    store()
                        .transaction(
                            inner -> {
                              inner.set("inner", utf8("v"));
                              return null;
                            });
                    assertThat(store().keys("")).containsExactly("inner", "k");
                    return null;
                  });

          assertThat(text(store(), "k")).contains("w");
          assertThat(store().keys("")).containsExactly("inner", "k", "outer");
        });
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aTransactionOfAnotherStoreHasItsOwnFate() {
    KeyValueStore elsewhere = openDatabase("elsewhere");
    elsewhere.clear(); // A server may have it from an earlier test.
    try (Transaction foreign = elsewhere.begin()) {
      assertThatThrownBy(
              () ->
                  store()
                      .transaction(
                          transaction -> {
                            transaction.set("k", utf8("here"));
                            foreign.set("k", utf8("there"));
                            elsewhere.transaction(
                                own -> {
                                  own.set("own", utf8("there"));
                                  return null;
                                });
                            throw new UnsupportedOperationException("mine");
                          }))
          .hasMessage("mine");
      assertThat(store().contains("k")).isFalse();
      assertThat(elsewhere.keys("")).containsExactly("own");
      foreign.commit();
    }

    assertThat(store().keys("")).isEmpty();
    assertThat(text(elsewhere, "k")).contains("there");
  }
}
