package io.nadb.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.ConflictException;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.Transaction;
import io.nadb.proof.History.Glimpse;
import io.nadb.proof.History.Read;
import io.nadb.proof.History.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
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
      List<Worker> workers = new ArrayList<>();
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Worker worker = new Worker(store, keys, new SplittableRandom(i));
        workers.add(worker);
        running.add(threads.submit(worker));
      }
      for (Future<Void> each : running) {
        each.get();
      }
      threads.shutdown();
      for (Worker worker : workers) {
        history.add(worker.steps);
        singles.addAll(worker.reads);
        glimpses.addAll(worker.glimpses);
      }

      assertThat(history.check(singles, glimpses)).isEmpty();
      assertThat(contents(store)).isEqualTo(history.lastState());
      assertThat(store.stats().flushCount()).as("flushes that came in between").isGreaterThan(20);
    }
    if (parts[0].equals("fs")) {
      try (StoreRegistry registry = StoreRegistry.create();
          KeyValueStore store = registry.open(url)) {
        assertThat(contents(store)).isEqualTo(history.lastState());
      }
    }
  }

  private static Map<String, String> contents(KeyValueStore store) {
    Map<String, String> contents = new HashMap<>();
    store.keys("").forEach(key -> contents.put(key, text(store.get(key)).orElseThrow()));
    return contents;
  }

  private static Optional<String> text(Optional<byte[]> value) {
    return value.map(bytes -> new String(bytes, UTF_8));
  }

  /** A thread, and what it has seen. */
  private final class Worker implements Callable<Void> {
    final List<Step> steps = new ArrayList<>();
    final List<Read> reads = new ArrayList<>();
    final List<Glimpse> glimpses = new ArrayList<>();
    private final KeyValueStore store;
    private final int keys;
    private final SplittableRandom random;

    Worker(KeyValueStore store, int keys, SplittableRandom random) {
      this.store = store;
      this.keys = keys;
      this.random = random;
    }

    @Override
    public @Nullable Void call() {
      for (int i = 0; i < STEPS / THREADS; i++) {
        switch (random.nextInt(8)) {
          case 0 -> set();
          case 1, 2 -> get();
          default -> transact();
        }
      }
      return null;
    }

    private String key() {
      return "k" + random.nextInt(keys);
    }

    private String newValue() {
      return "v" + values.incrementAndGet() + "x".repeat(random.nextInt(40));
    }

    private void set() {
      String key = key();
      String value = newValue();
      long begun = System.nanoTime();
      long number = store.set(key, value.getBytes(UTF_8));
      steps.add(new Step(begun, System.nanoTime(), number, number, Map.of(), Map.of(key, value)));
    }

    /** Several, one after another: a later one must not show what is older. */
    private void get() {
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        String key = key();
        long begun = System.nanoTime();
        String value = text(store.get(key)).orElse(null);
        reads.add(new Read(begun, System.nanoTime(), key, value));
      }
    }

    private void transact() {
      Map<String, @Nullable String> seen = new HashMap<>();
      Map<String, @Nullable String> written = new HashMap<>();
      long begun = System.nanoTime();
      try (Transaction transaction = store.begin()) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
          String key = key();
          String value = text(transaction.get(key)).orElse(null);
          if (!written.containsKey(key)) {
            seen.put(key, value);
          }
        }
        for (int i = random.nextInt(4); i > 0; i--) {
          String key = key();
          if (random.nextInt(5) == 0) {
            boolean existed = transaction.delete(key);
            if (existed) {
              written.put(key, null);
            } else if (!written.containsKey(key)) {
              seen.put(key, null);
            }
          } else {
            String value = newValue();
            transaction.set(key, value.getBytes(UTF_8));
            written.put(key, value);
          }
        }
        long last = transaction.commit();
        steps.add(
            new Step(begun, System.nanoTime(), last - written.size() + 1, last, seen, written));
      } catch (ConflictException e) {
        glimpses.add(new Glimpse(seen)); // It must have left no trace, and have seen a moment.
      }
    }
  }
}
