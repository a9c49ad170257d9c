package io.nadb.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.benchmarks.data.Values;
import io.nadb.benchmarks.store.TransactionalStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BankTest {
  private static final int ACCOUNTS = 2500;

  private enum Fault {
    NONE,
    LOSES_A_TRANSFER,
    LOSES_HALF_A_TRANSFER,
    DOES_IT_TWICE
  }

  /** Does one transfer wrong, and aborts each transfer once before it does it. */
  private static final class Faulty implements TransactionalStore {
    private final Map<String, byte[]> entries = new HashMap<>();
    private Fault fault = Fault.NONE;

    @Override
    public void transact(Consumer<Access> body) {
      run(body);
      Map<String, byte[]> written = run(body);
      if (fault == Fault.LOSES_HALF_A_TRANSFER) {
        written.keySet().stream().findAny().ifPresent(written::remove);
      }
      if (fault != Fault.LOSES_A_TRANSFER) {
        entries.putAll(written);
      }
      if (fault == Fault.DOES_IT_TWICE) {
        entries.putAll(run(body));
      }
      if (!written.isEmpty()) {
        fault = Fault.NONE;
      }
    }

    private Map<String, byte[]> run(Consumer<Access> body) {
      Map<String, byte[]> written = new HashMap<>();
      body.accept(
          new Access() {
            @Override
            public byte @Nullable [] get(String key) {
              byte[] value = entries.get(key);
              return value == null ? null : value.clone();
            }

            @Override
            public void set(String key, byte[] value) {
              written.put(key, value);
            }
          });
      return written;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private final Faulty store = new Faulty();
  private final Bank bank = new Bank(store, new Values(Variant.VALUE_BYTES), ACCOUNTS);

  @Test
  void whereEachTransferTakesPlaceOnceTheAccountsSumUp() throws Exception {
    List<Teller> tellers = bank.transfer(1, ACCOUNTS, 10);
    bank.transfer(1, 2, 1);

    assertThat(tellers)
        .singleElement()
        .satisfies(
            teller -> {
              assertThat(teller.committed()).isPositive();
              assertThat(teller.attempts()).isEqualTo(2 * teller.committed());
            });
    assertThatCode(bank::audit).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void oneWrongTransferAmongManyIsNoticed(Fault fault) throws Exception {
    store.fault = fault;
    bank.transfer(1, ACCOUNTS, 10);

    assertThatThrownBy(bank::audit)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("transfers were lost or took place by half");
  }
}
