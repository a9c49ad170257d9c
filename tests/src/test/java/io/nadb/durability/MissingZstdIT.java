package io.nadb.durability;

import static io.nadb.testing.Bytes.random;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code compression=zstd} where its library, which is optional, is not there or can't be loaded.
 */
class MissingZstdIT {
  private static final String MISSING =
      "the library com.github.luben:zstd-jni is not on the class path or module path; add it";

  @TempDir private Path directory;

  /** Opens a new store with zstd, and one that has such values without. */
  static final class Child {
    public static void main(String[] arguments) {
      assertThatThrownBy(() -> NadbDriverManager.open(arguments[0] + "/new?compression=zstd"))
          .isInstanceOf(NadbException.class)
          .hasMessageContainingAll(
              "compression=zstd can't be used: ", arguments[1], "or use compression=zlib");
      try (KeyValueStore store = NadbDriverManager.open(arguments[0] + "/old")) {
        for (int i = 0; i < 2; i++) { // The second time, the JVM says something else.
          assertThatThrownBy(() -> store.get("long"))
              .isInstanceOf(NadbException.class)
              .hasMessageContainingAll("0000000001.seg", "compressed with zstd", arguments[1]);
        }
        assertThat(store.metadata("long").orElseThrow().size()).isEqualTo(1000);
        assertThat(store.get("short")).hasValue(utf8("v"));
        store.set("long", utf8("overwritten"));
      }
      rewrite(arguments[0] + "/garbage?segment=64kb&buffer=64kb&flush=5s&sweep=off");
      System.out.println("passed");
    }

    /** Compaction copies what it can't read. */
    private static void rewrite(String url) {
      VirtualTime time = new VirtualTime();
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        KeyValueStore store = registry.open(url);
        for (int i = 0; i < 20; i++) {
          for (int key = 0; key < 100; key++) {
            store.set("short " + key, random(1000));
          }
          time.advance(Duration.ofSeconds(5));
        }
        assertThat(store.stats().compactions()).isPositive();
      }
    }
  }

  @Test
  void theErrorSaysWhatToDoAndNothingElseFails() throws Exception {
    String location = filled();
    try (ChildJvm child = ChildJvm.startWithout("zstd-jni", Child.class, location, MISSING)) {
      assertPasses(child, location);
    }
  }

  @Test
  void soItIsIfItsNativeCodeCanNotBeLoaded() throws Exception {
    String location = filled();
    String folder = directory.resolve("nowhere").toString();
    String problem =
        "the native code of com.github.luben:zstd-jni can't be loaded. It is unpacked into"
            + " java.io.tmpdir, "
            + folder
            + ", which is no directory";
    List<String> options = List.of("-Djava.io.tmpdir=" + folder);
    try (ChildJvm child = ChildJvm.startWith(options, Child.class, location, problem)) {
      assertPasses(child, location);
    }
  }

  private String filled() {
    String location = "nadb:fs:" + directory;
    try (StoreRegistry registry = StoreRegistry.create(new VirtualTime())) {
      KeyValueStore store = registry.open(location + "/old?compression=zstd");
      store.set("long", new byte[1000]);
      store.set("short", utf8("v"));
    }
    try (StoreRegistry registry = StoreRegistry.create(new VirtualTime())) {
      KeyValueStore store = registry.open(location + "/garbage?compression=zstd");
      store.set("long", new byte[1000]);
    }
    return location;
  }

  private static void assertPasses(ChildJvm child, String location) throws Exception {
    assertThat(child.line()).as("its standard error says why not").isEqualTo("passed");
    assertThat(child.exitCode()).isZero();
    try (StoreRegistry registry = StoreRegistry.create(new VirtualTime())) {
      KeyValueStore store = registry.open(location + "/old?compression=zstd");
      assertThat(store.get("long")).hasValue(utf8("overwritten"));
      KeyValueStore rewritten = registry.open(location + "/garbage?compression=zstd");
      assertThat(rewritten.get("long")).hasValue(new byte[1000]);
    }
  }
}
