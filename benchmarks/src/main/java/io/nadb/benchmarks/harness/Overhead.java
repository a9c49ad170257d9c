package io.nadb.benchmarks.harness;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.junit.NadbStore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * The command {@code benchmarks/run --harness}: what an injected store costs a test that opens it,
 * writes an entry, flushes it and closes it, beside the same by hand and a test that does nothing.
 */
public final class Overhead {
  private static final int TESTS = 1000;
  private static final int ROUNDS = 9;

  private Overhead() {}

  /** JUnit alone. */
  static class Nothing {
    @RepeatedTest(TESTS)
    void test() {}
  }

  /** A store in memory, opened by the test. */
  static class MemoryByHand {
    @RepeatedTest(TESTS)
    void test() {
      try (KeyValueStore store = NadbDriverManager.open("nadb:mem:by-hand")) {
        use(store);
      }
    }
  }

  /** A store in memory, injected. */
  static class Memory {
    @RepeatedTest(TESTS)
    void test(@NadbStore("nadb:mem:") KeyValueStore store) {
      use(store);
    }
  }

  /** A store in JUnit's temporary directory, opened by the test. */
  static class DirectoryByHand {
    @RepeatedTest(TESTS)
    void test(@TempDir Path directory) {
      try (KeyValueStore store = NadbDriverManager.open("nadb:fs:" + directory)) {
        use(store);
      }
    }
  }

  /** A store in a directory, injected. */
  static class Directory {
    @RepeatedTest(TESTS)
    void test(@NadbStore KeyValueStore store) {
      use(store);
    }
  }

  private static void use(KeyValueStore store) {
    store.set("k", new byte[100]);
    store.flush();
  }

  /** Prints the median of some rounds for each kind, after one round that does not count. */
  public static void run(PrintStream out) {
    out.printf("Milliseconds a test; %d tests a class, median of %d rounds%n%n", TESTS, ROUNDS);
    double nothing = median(Nothing.class);
    out.printf(Locale.ROOT, "%-24s %6.3f%n", "no store", nothing);
    print("nadb:mem:by-hand, opened", MemoryByHand.class, nothing, out);
    print("nadb:mem:, @NadbStore", Memory.class, nothing, out);
    print("nadb:fs:, opened", DirectoryByHand.class, nothing, out);
    print("nadb:fs:, @NadbStore", Directory.class, nothing, out);
  }

  private static void print(String name, Class<?> kind, double nothing, PrintStream out) {
    double millis = median(kind);
    out.printf(Locale.ROOT, "%-24s %6.3f  = no store + %6.3f%n", name, millis, millis - nothing);
  }

  private static double median(Class<?> kind) {
    run(kind);
    double[] rounds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      rounds[round] = run(kind);
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  private static double run(Class<?> kind) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(kind)).build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    Launcher launcher = LauncherFactory.create();
    long start = System.nanoTime();
    launcher.execute(request, summary);
    double millis = (System.nanoTime() - start) / 1e6 / TESTS;
    if (summary.getSummary().getTestsSucceededCount() != TESTS) {
      throw new IllegalStateException(kind.getSimpleName() + ": not all tests have passed");
    }
    return millis;
  }
}
