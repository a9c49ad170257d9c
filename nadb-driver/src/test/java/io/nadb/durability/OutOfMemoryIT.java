package io.nadb.durability;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that runs out of memory and frees it again keeps its background work. */
class OutOfMemoryIT {
  @TempDir private Path directory;

  /** Uses stores while it runs out of memory, again and again, and says how they are then. */
  static final class Hungry {
    private static final int TIMES = 5;
    private static final Duration STORM = Duration.ofSeconds(1);

    public static void main(String[] arguments) throws Exception {
      StoreRegistry registry = StoreRegistry.create();
      KeyValueStore store = registry.open(arguments[0]);
      for (int i = 0; i < TIMES; i++) {
        eat(store);
      }
      System.out.println("flush " + isFlushed(store));
      store.set("short", utf8("v"), SetOptions.ttl(Duration.ofMillis(1)));
      System.out.println("sweep " + comesTrue(() -> !store.keys("").contains("short")));
      long expired = store.stats().expired();
      store.set("shorter", utf8("v"), SetOptions.ttl(Duration.ofMillis(1)));
      System.out.println("swept " + comesTrue(() -> store.stats().expired() > expired));
      System.out.println("state " + store.stats().state());
      System.out.println("running " + registry.status().running());
      KeyValueStore later = registry.open(arguments[1]);
      System.out.println("later " + isFlushed(later));
      store.set("last", utf8("v"));
      store.close();
      later.close();
    }

    /** Fills the heap, with the little that may be left too, and writes while it is full. */
    @SuppressWarnings("ModifiedButNotUsed") // It is there to be in the way.
    private static void eat(KeyValueStore store) {
      List<byte[]> food = new ArrayList<>();
      long end = System.nanoTime() + STORM.toNanos();
      int size = 1 << 20;
      for (int i = 0; System.nanoTime() - end < 0; i++) {
        try {
          food.add(new byte[size]);
          SetOptions options =
              SetOptions.ttl(Duration.ofMillis(50)).withTags("storm", "t" + i % 10);
          store.set("key" + i % 1000, new byte[100], options);
        } catch (OutOfMemoryError | NadbException e) {
          size = Math.max(16, size / 2);
        }
      }
    }

    private static boolean isFlushed(KeyValueStore store) throws InterruptedException {
      long sequence = store.set("flushed", utf8("v"));
      return store.awaitDurable(sequence, Duration.ofSeconds(30));
    }

    private static boolean comesTrue(BooleanSupplier condition) throws InterruptedException {
      for (int i = 0; i < 300 && !condition.getAsBoolean(); i++) {
        TimeSource.system().await(new CompletableFuture<>(), Duration.ofMillis(100));
      }
      return condition.getAsBoolean();
    }
  }

  @Test
  void flushesSweepsAndStoresOpenedLaterGoOn() throws Exception {
    String options = "?flush=50ms&sweep=50ms";
    String url = "nadb:fs:" + directory.resolve("data") + options;
    String later = "nadb:fs:" + directory.resolve("later") + options;
    try (ChildJvm child = ChildJvm.startWith(List.of("-Xmx64m"), Hungry.class, url, later)) {
      assertThat(child.line()).isEqualTo("flush true");
      assertThat(child.line()).isEqualTo("sweep true");
      assertThat(child.line()).isEqualTo("swept true");
      assertThat(child.line()).isEqualTo("state HEALTHY");
      assertThat(child.line()).isEqualTo("running true");
      assertThat(child.line()).isEqualTo("later true");
      assertThat(child.exitCode()).isZero();
    }
    try (KeyValueStore store = NadbDriverManager.open(url)) {
      assertThat(text(store, "last")).contains("v");
    }
  }
}
