package io.nadb.durability;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry whose backends of files fail or hang when a test says so. */
abstract class FailingFlushes {
  final VirtualTime time = new VirtualTime();

  final StoreRegistry registry = StoreRegistry.create(time);

  final Faults faults = FaultyDriver.install(registry, "fs");

  @TempDir Path directory;

  @AfterEach
  void close() {
    faults.heal();
    faults.release();
    registry.close();
  }

  KeyValueStore open(String options) {
    return registry.open("nadb:fs:" + directory.resolve("data") + "?sweep=off&" + options);
  }

  static <T> FutureTask<T> start(Callable<T> action) {
    FutureTask<T> task = new FutureTask<>(action);
    new Thread(task).start();
    return task;
  }
}
