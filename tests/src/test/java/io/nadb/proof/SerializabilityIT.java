package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.proof.History.Glimpse;
import io.nadb.proof.History.Read;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads run transactions, single writes and single reads on a few keys, with a tiny buffer, so
 * that flushes, compactions and waits for room come in between; afterwards the history is checked
 * exactly, with what was seen by those that lost.
 *
 * <p>{@code -Dnadb.serializability.steps=1000000} for longer ones.
 */
class SerializabilityIT {
  private static final int THREADS = 6;
  private static final int STEPS = Integer.getInteger("nadb.serializability.steps", 120_000);

  @TempDir private Path directory;
  private final AtomicLong values = new AtomicLong();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fs 4 buffer=2kb&flush=2ms&segment=64kb",
        "fs 40 buffer=2kb&flush=5ms&segment=64kb&memory=0b",
        "fs 12 buffer=4kb&flush=3ms&durability=written",
        "mem 40 buffer=2kb&flush=2ms"
      })
  void theOrderOfNumbersExplainsAllThatWasSeen(String setting) throws Exception {
    String[] parts = setting.split(" ", -1);
    String url =
        parts[0].equals("mem")
            ? "nadb:mem:" + directory.getFileName() + "?" + parts[2]
            : "nadb:fs:" + directory + "?metadata=none&" + parts[2];
    int keys = Integer.parseInt(parts[1]);
    History history = new History();
    List<Read> singles = new ArrayList<>();
    List<Glimpse> glimpses = new ArrayList<>();
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(url)) {
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      List<Transactor> workers = new ArrayList<>();
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Transactor worker = Transactor.forever(store, keys, STEPS / THREADS, i, values);
        workers.add(worker);
        running.add(threads.submit(worker));
      }
      for (Future<Void> each : running) {
        each.get();
      }
      threads.shutdown();
      for (Transactor worker : workers) {
        history.add(worker.steps());
        singles.addAll(worker.reads());
        glimpses.addAll(worker.glimpses());
      }

      assertThat(history.check(singles, glimpses)).isEmpty();
      assertThat(history.compare(Transactor.contents(store), Long.MAX_VALUE)).isEmpty();
      assertThat(store.stats().flushCount()).as("flushes that came in between").isGreaterThan(20);
    }
    if (parts[0].equals("fs")) {
      try (StoreRegistry registry = StoreRegistry.create();
          KeyValueStore store = registry.open(url)) {
        assertThat(history.compare(Transactor.contents(store), Long.MAX_VALUE)).isEmpty();
      }
    }
  }
}
