package io.nadb.durability;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stores that are still used while the JVM ends, by hooks and by threads that nobody has stopped.
 */
class JvmExitHooksIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  @TempDir private Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  private String url(String options) {
    return "nadb:fs:" + directory + "?" + options;
  }

  private KeyValueStore reopened(String options) {
    return registry.open(url(options));
  }

  /** Runs something in a hook of the application. */
  private static void inHook(Runnable action) {
    Runtime.getRuntime().addShutdownHook(new Thread(action));
  }

  /** Waits until NADB's own hook has flushed a key. */
  private static void untilFlushed(KeyValueStore store) {
    try {
      if (!store.awaitDurable(store.stats().sequence(), PATIENCE)) {
        throw new AssertionError("not flushed");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes for 300 milliseconds; returns how many keys. */
  private static int writeForAWhile(KeyValueStore store) {
    long end = System.nanoTime() + 300_000_000L;
    int count = 0;
    while (System.nanoTime() < end) {
      store.set("late " + count++, utf8("v"));
      LockSupport.parkNanos(100_000);
    }
    return count;
  }

  /** Has a hook that writes, perhaps closes, and tells how much it has written. */
  static final class Hooked {
    private static final KeyValueStore[] STORE = new KeyValueStore[1];

    public static void main(String[] arguments) throws Exception {
      List<String> how = List.of(arguments);
      if (how.contains("hook-first")) {
        inHook(() -> useLate(how));
      }
      STORE[0] = NadbDriverManager.open(arguments[0]);
      if (how.contains("store-first")) {
        inHook(() -> useLate(how));
      }
      STORE[0].set("early", utf8("v"));
      System.out.println("ready");
      if (how.contains("exits")) {
        System.exit(0);
      } else if (how.contains("waits")) {
        Thread.currentThread().join(); // Until it is asked to end.
      }
    }

    private static void useLate(List<String> how) {
      untilFlushed(STORE[0]);
      int count = writeForAWhile(STORE[0]);
      if (how.contains("closes")) {
        STORE[0].close();
      }
      System.out.println(count);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "hook-first, exits, closes",
    "store-first, exits, closes",
    "hook-first, waits, closes",
    "store-first, waits, leaves-open",
    "hook-first, returns, leaves-open",
    "hook-first, exits, leaves-open"
  })
  void aHookThatWritesAfterTheFlushLosesNothing(String order, String end, String last)
      throws Exception {
    try (ChildJvm child = ChildJvm.start(Hooked.class, url("flush=1h"), order, end, last)) {
      assertThat(child.line()).isEqualTo("ready");
      if (end.equals("waits")) {
        child.terminate();
      }
      int count = Integer.parseInt(child.line());
      child.exitCode();
      assertThat(count).isPositive();
      assertThat(reopened("flush=5s").keys("late")).hasSize(count);
    }
  }

  /** Has a thread that goes on writing until there is no JVM any more. */
  static final class NeverStops {
    public static void main(String[] arguments) {
      KeyValueStore store = NadbDriverManager.open(arguments[0]);
      store.set("early", utf8("v"));
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; true; i++) {
                  store.set("late " + i, utf8("v"));
                  System.out.println(i);
                }
              });
      writer.setDaemon(true);
      inHook(
          () -> {
            untilFlushed(store);
            writer.start();
            writer.interrupt(); // As a pool is shut down.
            LockSupport.parkNanos(300_000_000L);
          });
    }
  }

  @Test
  void whatIsWrittenUntilTheVeryEndIsThereOnceTheWriteHasReturned() throws Exception {
    try (ChildJvm child = ChildJvm.start(NeverStops.class, url("flush=1h"))) {
      List<String> acknowledged = child.lines();
      assertThat(child.exitCode()).isZero();
      assertThat(acknowledged).hasSizeGreaterThan(10);
      assertThat(reopened("flush=5s").keys("late"))
          .hasSizeBetween(acknowledged.size(), acknowledged.size() + 1);
    }
  }

  /** Has two registries, and a hook that uses stores of both, and one that it opens itself. */
  static final class Several {
    public static void main(String[] arguments) {
      KeyValueStore one = StoreRegistry.create().open(arguments[0]);
      KeyValueStore two = StoreRegistry.create().open(arguments[1]);
      one.set("early", utf8("v"));
      two.set("early", utf8("v"));
      inHook(
          () -> {
            untilFlushed(one);
            untilFlushed(two);
            one.set("late", utf8("v"));
            two.set("late", utf8("v"));
            two.delete("early");
            NadbDriverManager.open(arguments[2]).set("late", utf8("v"));
            StoreRegistry.create().open(arguments[3]).set("late", utf8("v"));
          });
    }
  }

  @Test
  void soItIsInEveryRegistryAndInAStoreThatAHookOpens() throws Exception {
    String[] urls = {
      url("db=one&flush=1h"),
      url("db=two&flush=1h"),
      url("db=new&flush=1h"),
      url("db=last&flush=1h")
    };
    try (ChildJvm child = ChildJvm.start(Several.class, urls)) {
      assertThat(child.exitCode()).isZero();
    }
    assertThat(registry.open(urls[0]).keys("")).containsExactly("early", "late");
    assertThat(registry.open(urls[1]).keys("")).containsExactly("late");
    assertThat(registry.open(urls[2]).keys("")).containsExactly("late");
    assertThat(registry.open(urls[3]).keys("")).containsExactly("late");
  }

  /** Has a disk that fails or hangs, now or once the hook has flushed. */
  static final class BadDisk {
    public static void main(String[] arguments) {
      System.setErr(System.out);
      StoreRegistry registry = StoreRegistry.create();
      Faults faults = FaultyDriver.install(registry, "fs");
      KeyValueStore store = registry.open(arguments[0]);
      store.set("early", utf8("v"));
      if (arguments[2].equals("now")) {
        strike(faults, arguments[1]);
      }
      inHook(
          () -> {
            if (arguments[2].equals("later")) {
              untilFlushed(store);
              strike(faults, arguments[1]);
            }
            for (int i = 0; i < 5; i++) {
              store.set("late " + i, utf8("v"));
            }
            System.out.println("read: " + store.get("late 4").isPresent());
          });
    }

    private static void strike(Faults faults, String how) {
      if (how.equals("hangs")) {
        faults.block();
      } else {
        faults.fail("no space left on device");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"now", "later"})
  void aDiskThatFailsIsNamedWithWhatIsLostAndKeepsNobody(String when) throws Exception {
    try (ChildJvm child = ChildJvm.start(BadDisk.class, url("name=shop&flush=1h"), "fails", when)) {
      List<String> lines = child.lines();
      assertThat(child.exitCode()).isZero();
      assertThat(lines).contains("read: true");
      assertThat(lines)
          .anyMatch(
              line ->
                  line.matches(
                      "NADB, store shop: the JVM is ending, and [1-6] keys \\([0-9]+ bytes\\) are"
                          + " not on disk yet: no space left on device.*"));
      assertThat(reopened("name=shop&flush=5s").keys("late")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"now", "later"})
  void aDiskThatHangsIsWaitedForOnceAndNamedWithWhatIsLost(String when) throws Exception {
    try (ChildJvm child = ChildJvm.start(BadDisk.class, url("name=shop&flush=1h"), "hangs", when)) {
      long begin = System.nanoTime();
      List<String> lines = child.lines();
      assertThat(child.exitCode()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
      assertThat(lines).contains("read: true");
      assertThat(lines)
          .anyMatch(
              line ->
                  line.matches(
                      "NADB, store shop: the JVM is ending, and [1-6] keys .* has not answered"
                          + " within PT10S.*|NADB, at the end of the JVM: not done with its stores"
                          + " after PT10S; .* What may be lost: shop: [1-6] keys .*"));
      assertThat(reopened("name=shop&flush=5s").keys("late")).isEmpty();
    }
  }
}
