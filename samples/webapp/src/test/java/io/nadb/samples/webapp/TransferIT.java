package io.nadb.samples.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that moves money, again and again: whatever is lost, none of it is.
 *
 * <p>{@code -Dkills=200} for more.
 */
class TransferIT {
  private static final int KILLS = Integer.getInteger("kills", 15);
  private static final long TOTAL = 1_000;

  @TempDir private Path directory;

  /** Moves money between two accounts until it is killed, and says how often it has. */
  static final class Bank {
    public static void main(String[] arguments) {
      Accounts accounts = new Accounts(NadbDriverManager.open(arguments[0]));
      Random random = new Random();
      for (int n = 1; ; n++) {
        accounts.transfer("a", "b", random.nextInt(50));
        accounts.transfer("b", "a", random.nextInt(50));
        System.out.println(n);
      }
    }
  }

  @Test
  void theSumSurvivesEveryKill() throws Exception {
    String url = "nadb:fs:" + directory + "?buffer=4kb&flush=2ms&segment=64kb&metadata=none";
    try (KeyValueStore store = NadbDriverManager.open(url)) {
      new Accounts(store).deposit("a", TOTAL);
    }
    Random random = new Random();
    for (int kill = 0; kill < KILLS; kill++) {
      runAndKill(url, 1 + random.nextInt(3_000));
      try (KeyValueStore store = NadbDriverManager.open(url)) {
        Accounts accounts = new Accounts(store);
        assertThat(accounts.balance("a") + accounts.balance("b"))
            .as("the sum after kill %s", kill)
            .isEqualTo(TOTAL);
      }
    }
  }

  private static void runAndKill(String url, int rounds) throws Exception {
    Process bank =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Bank.class.getName(),
                url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = bank.inputReader(UTF_8)) {
      for (int n = 0; n < rounds; n++) {
        assertThat(lines.readLine()).as("the bank works").isNotNull();
      }
    } finally {
      bank.toHandle().destroyForcibly();
    }
    bank.waitFor();
  }
}
