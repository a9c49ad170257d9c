package io.nadb.samples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Crash;
import io.nadb.testkit.NadbHarness;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How do I test that several entries change together? By crashes, and by threads. */
class AccountsTest {
  @NadbStore(with = "flush=off")
  private KeyValueStore store;

  @NadbStore private NadbHarness harness;

  @BeforeEach
  void payIn() {
    new Accounts(store).deposit("ada", 100);
    store.flush();
  }

  private void expect(long ada, long grace) {
    assertThat(new Accounts(store).balance("ada")).isEqualTo(ada);
    assertThat(new Accounts(store).balance("grace")).isEqualTo(grace);
  }

  @Test
  void nobodyIsOverdrawn() {
    Accounts accounts = new Accounts(store);
    assertThat(accounts.transfer("ada", "grace", 70)).isTrue();
    assertThat(accounts.transfer("ada", "grace", 70)).isFalse();

    expect(30, 70);
  }

  @Test
  void aCrashTakesATransferWholeOrNotAtAll() {
    new Accounts(store).transfer("ada", "grace", 30);
    harness.crash(Crash.POWER_CUT);
    harness.restart();
    harness.reopen();
    expect(100, 0);

    new Accounts(store).transfer("ada", "grace", 30);
    store.flush();
    harness.crash(Crash.POWER_CUT);
    harness.restart();
    harness.reopen();
    expect(70, 30);
  }

  @Test
  void noTransferOfSeveralThreadsIsLost() {
    Accounts accounts = new Accounts(store);
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(
          CompletableFuture.runAsync(
              () -> {
                for (int n = 0; n < 20; n++) {
                  accounts.transfer("ada", "grace", 1);
                }
              }));
    }
    running.forEach(CompletableFuture::join);

    expect(20, 80);
  }
}
