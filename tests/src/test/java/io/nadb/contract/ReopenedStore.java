package io.nadb.contract;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A store in files, on virtual time, that a test may close and open again. */
abstract class ReopenedStore {
  final VirtualTime time = new VirtualTime();
  StoreRegistry registry = StoreRegistry.create(time);
  @TempDir Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  final KeyValueStore open(String options) {
    return registry.open("nadb:fs:" + directory + "?" + options);
  }

  final KeyValueStore reopen(String options) {
    registry.close();
    registry = StoreRegistry.create(time);
    return open(options);
  }
}
