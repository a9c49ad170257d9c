package io.nadb.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.KeyValueStore;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Measures what an injected store costs a test: opening, one write, one flush, closing. */
final class Overhead {
  private static final int TESTS = 1000;
  private static final int ROUNDS = 5;

  private Overhead() {}

  static class Nothing {
    @RepeatedTest(TESTS)
    void test() {}
  }

  static class Memory {
    @RepeatedTest(TESTS)
    void test(@NadbStore("nadb:mem:") KeyValueStore store) {
      use(store);
    }
  }

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

  /** Prints the best of some rounds for each kind. */
  public static void main(String[] args) {
    System.out.println("milliseconds a test, " + TESTS + " tests a class, best of " + ROUNDS);
    for (Class<?> kind : new Class<?>[] {Nothing.class, Memory.class, Directory.class}) {
      double best = Double.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        best = Math.min(best, run(kind));
      }
      System.out.printf(Locale.ROOT, "%-10s %6.3f%n", kind.getSimpleName(), best);
    }
  }

  private static double run(Class<?> kind) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(kind)).build();
    long start = System.nanoTime();
    LauncherFactory.create().execute(request);
    return Duration.ofNanos(System.nanoTime() - start).toNanos() / 1e6 / TESTS;
  }
}
