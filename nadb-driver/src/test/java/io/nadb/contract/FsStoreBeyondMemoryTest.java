package io.nadb.contract;

import io.nadb.KeyValueStore;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** {@code nadb:fs:} keeps the contract when its files are larger than memory. */
class FsStoreBeyondMemoryTest extends StoreContract {
  @TempDir private Path directory;

  FsStoreBeyondMemoryTest() {
    super("fs");
  }

  @Override
  public String url() {
    return "nadb:fs:" + directory.resolve("data");
  }

  @Override
  public KeyValueStore open(String options) {
    return registry().open(url() + "?" + options, Map.of("memory", "0b"));
  }

  @Override
  public KeyValueStore namespace(String name) {
    return registry()
        .open(url(), Map.of("namespace", name, "flush", "off", "sweep", "off", "memory", "0b"));
  }
}
