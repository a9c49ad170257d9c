package io.nadb.idle;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testkit.VirtualTime;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of namespaces that have only been asked for. */
class UnknownNamespacesIT {
  private static final int NAMESPACES = 5000;

  @TempDir private Path directory;

  /** Asks for namespaces in which there is nothing, and says how many bytes are kept for each. */
  static final class Asking {
    public static void main(String[] arguments) {
      VirtualTime time = new VirtualTime();
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        KeyValueStore store = registry.open(arguments[0]);
        store.set("key", utf8("value"));
        ask(registry, arguments[0], "first");
        time.advance(Duration.ofHours(1));
        long before = used();
        ask(registry, arguments[0], "second");
        time.advance(Duration.ofHours(1));
        System.out.println((used() - before) / NAMESPACES);
      }
    }

    private static void ask(StoreRegistry registry, String url, String round) {
      for (int i = 0; i < NAMESPACES; i++) {
        Map<String, String> namespace = Map.of("namespace", round + i);
        try (KeyValueStore store = registry.open(url, namespace)) {
          if (store.get("key").isPresent()
              || store.contains("key")
              || store.metadata("key").isPresent()
              || store.delete("key")
              || !store.keys("").isEmpty()
              || !store.queryByTags("tag").isEmpty()
              || !store.tags().isEmpty()) {
            throw new IllegalStateException(round + i + " has something in it");
          }
        }
      }
    }

    private static long used() {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
  }

  private long bytesEach(String url) throws Exception {
    try (ChildJvm child = ChildJvm.startWith(List.of("-Xmx256m"), Asking.class, url)) {
      return Long.parseLong(String.valueOf(child.line()));
    }
  }

  @Test
  void aStoreOnDiskKeepsNothingOfThem() throws Exception {
    assertThat(bytesEach("nadb:fs:" + directory + "?metadata=none")).isLessThan(60);
  }

  @Test
  void aStoreInMemoryKeepsNothingOfThem() throws Exception {
    assertThat(bytesEach("nadb:mem:asked")).isLessThan(60);
  }
}
