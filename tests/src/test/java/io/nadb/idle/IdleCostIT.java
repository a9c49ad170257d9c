package io.nadb.idle;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testkit.VirtualTime;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a thousand stores take of the heap in which nothing happens. */
class IdleCostIT {
  private static final int STORES = 1000;
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  /** All of them flush at one tick, and the machine may have much else to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path directory;

  /** Opens stores, writes to each, and says how many bytes of heap each takes once it is idle. */
  static final class Open {
    public static void main(String[] arguments) {
      VirtualTime time = new VirtualTime(START, PATIENCE);
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        String urls = "nadb:fs:" + arguments[0] + "/store";
        String options = "?segment=1mb&" + arguments[1];
        write(registry.open(urls + options)); // So that all classes are loaded.
        time.advance(Duration.ofHours(1));
        long before = used();
        for (int i = 0; i < STORES; i++) {
          write(registry.open(urls + i + options));
        }
        time.advance(Duration.ofHours(1));
        System.out.println((used() - before) / STORES);
      }
    }

    private static void write(KeyValueStore store) {
      for (int i = 0; i < 10; i++) {
        store.set("key" + i, utf8("value"), SetOptions.tags("tag" + i % 3));
      }
      store.set("large", new byte[300_000]);
    }

    private static long used() {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
  }

  private long bytesEach(String options) throws Exception {
    List<String> jvm = List.of("-Xmx1g");
    try (ChildJvm child = ChildJvm.startWith(jvm, Open.class, directory.toString(), options)) {
      String line = child.line();
      assertThat(line).as("what it printed, unless it failed").isNotEmpty();
      return Long.parseLong(line);
    }
  }

  @Test
  void anIdleStoreTakesLessThan40KbOfHeap() throws Exception {
    assertThat(bytesEach("metadata=sqlite")).isBetween(1_000L, 40_000L);
  }

  @Test
  void soItDoesIfEachWriteGoesToTheOperatingSystem() throws Exception {
    assertThat(bytesEach("durability=written")).isBetween(1_000L, 40_000L);
  }
}
