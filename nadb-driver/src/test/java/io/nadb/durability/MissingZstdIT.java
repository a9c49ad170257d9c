package io.nadb.durability;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testing.ManualTime;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compression=zstd} where its library, which is optional, is not there. */
class MissingZstdIT {
  private static final String MISSING =
      "compression=zstd needs the library com.github.luben:zstd-jni on the class path; add it, or"
          + " use compression=zlib";

  @TempDir private Path directory;

  /** Opens a new store with zstd, and one that has such values without. */
  static final class Child {
    public static void main(String[] arguments) {
      assertThatThrownBy(() -> NadbDriverManager.open(arguments[0] + "/new?compression=zstd"))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining(MISSING);
      try (KeyValueStore store = NadbDriverManager.open(arguments[0] + "/old")) {
        assertThatThrownBy(() -> store.get("long"))
            .isInstanceOf(NadbException.class)
            .hasMessageContaining("0000000001.seg")
            .hasMessageContaining(MISSING);
        assertThat(store.metadata("long").orElseThrow().size()).isEqualTo(1000);
        assertThat(store.get("short")).hasValue(utf8("v"));
        store.set("long", utf8("overwritten"));
      }
      System.out.println("passed");
    }
  }

  @Test
  void theErrorSaysWhatToDoAndNothingElseFails() throws Exception {
    String location = "nadb:fs:" + directory;
    try (StoreRegistry registry = StoreRegistry.create(new ManualTime())) {
      KeyValueStore store = registry.open(location + "/old?compression=zstd");
      store.set("long", new byte[1000]);
      store.set("short", utf8("v"));
    }
    try (ChildJvm child = ChildJvm.startWithout("zstd-jni", Child.class, location)) {
      assertThat(child.line()).as("its standard error says why not").isEqualTo("passed");
      assertThat(child.exitCode()).isZero();
    }
    try (StoreRegistry registry = StoreRegistry.create(new ManualTime())) {
      KeyValueStore store = registry.open(location + "/old?compression=zstd");
      assertThat(store.get("long")).hasValue(utf8("overwritten"));
    }
  }
}
