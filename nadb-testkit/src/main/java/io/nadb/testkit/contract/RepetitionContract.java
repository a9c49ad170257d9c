package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ConflictException;
import io.nadb.Transaction;
import org.junit.jupiter.api.Test;

/** When a function that is a transaction runs again, and when it does not. */
interface RepetitionContract extends Fixture {
  private static long number(Transaction transaction, String key) {
    return transaction.get(key).map(Fixture::text).map(Long::parseLong).orElse(0L);
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aFunctionRunsAgainIfWhatItReadHasChanged() {
    whereverItMayChange(
        place -> {
          store().set("k", utf8("1"));
          place.settle(this);
          int[] runs = new int[1];
          long sum =
              store()
                  .transaction(
                      transaction -> {
                        long number = number(transaction, "k");
                        if (runs[0]++ == 0) {
                          store().set("k", utf8("10"));
                        }
                        transaction.set("k", utf8(Long.toString(number + 1)));
                        return number + 1;
                      });

          assertThat(runs[0]).isEqualTo(2);
          assertThat(sum).isEqualTo(11);
          assertThat(text(store(), "k")).contains("11");
        });
  }

  /** What a function made of what was never there together tells nothing: it runs again. */
  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aFunctionThatFailsOrRollsBackOnWhatHasChangedMeanwhileRunsAgain() {
    whereverItMayChange(
        place -> {
          Fixture.setAll(store(), "x", "y");
          place.settle(this);
          int[] runs = new int[1];
          String same =
              store()
                  .transaction(
                      transaction -> {
                        String x = transaction.get("x").map(Fixture::text).orElseThrow();
                        if (runs[0]++ < 2) {
                          String next = "w" + runs[0];
                          store().set("x", utf8(next));
                          store().set("y", utf8(next));
                        }
                        String y = transaction.get("y").map(Fixture::text).orElseThrow();
                        if (!x.equals(y)) {
                          if (runs[0] == 1) {
                            throw new IllegalStateException(x + " is not " + y);
                          }
                          transaction.rollback();
                        }
                        return x + y;
                      });

          assertThat(same).isEqualTo("w2w2");
          assertThat(runs[0]).isEqualTo(3);
        });
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void theConflictOfAnotherTransactionIsNotTriedAgain() {
    store().set("k", utf8("v"));
    int[] runs = new int[1];
    assertThatThrownBy(
            () ->
                store()
                    .transaction(
                        transaction -> {
                          runs[0]++;
                          try (Transaction inner = store().begin()) {
                            inner.get("k");
                            inner.set("mine", utf8("v"));
                            store().set("k", utf8("w"));
                            return inner.commit();
                          }
                        }))
        .isInstanceOf(ConflictException.class);
    assertThat(runs[0]).isEqualTo(1);
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aConflictThatTheFunctionSwallowsIsAConflict() {
    Fixture.setAll(store(), "x", "y");
    int[] runs = new int[1];
    store()
        .transaction(
            transaction -> {
              transaction.get("x");
              if (runs[0]++ == 0) {
                store().set("x", utf8("w"));
                store().set("y", utf8("w"));
              }
              try {
                transaction.get("y");
                transaction.set("z", utf8("v"));
              } catch (ConflictException e) {
                return "swallowed";
              }
              return "done";
            });

    assertThat(runs[0]).isEqualTo(2);
    assertThat(store().contains("z")).isTrue();
  }
}
