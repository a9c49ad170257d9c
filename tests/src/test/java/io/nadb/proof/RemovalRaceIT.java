package io.nadb.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.ConflictException;
import io.nadb.KeyValueStore;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.RemovalListener;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.Transaction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads set, replace, delete, expire and clear a few keys, alone and in transactions, with a tiny
 * buffer, so that flushes, sweeps, compactions and waits for room come in between. Each value is
 * set once; so it is known of each where it went: it is there in the end, or its removal has been
 * told once, when something else could have removed it.
 *
 * <p>{@code -Dnadb.removals.steps=1000000} for longer ones.
 */
class RemovalRaceIT {
  private static final int THREADS = 6;
  private static final int STEPS = Integer.getInteger("nadb.removals.steps", 60_000);
  private static final long UNKNOWN = Long.MAX_VALUE;

  @TempDir private Path directory;
  private final AtomicLong values = new AtomicLong();

  /**
   * A value that was set, by a write whose number is in a range.
   *
   * @param expires whether it was to expire when it was set
   */
  private record Setting(String key, String value, long from, long to, boolean expires) {
    boolean isExact() {
      return from == to;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fs 4 buffer=2kb&flush=2ms&segment=64kb&sweep=3ms",
        "fs 60 buffer=2kb&flush=5ms&segment=64kb&memory=0b&sweep=7ms",
        "fs 12 buffer=4kb&flush=3ms&durability=written&sweep=off",
        "mem 30 buffer=2kb&flush=2ms&sweep=3ms"
      })
  void whateverWasSetIsThereOrWasToldOnceWhenItWent(String setting) throws Exception {
    String[] parts = setting.split(" ", -1);
    String url =
        parts[0].equals("mem")
            ? "nadb:mem:" + directory.getFileName() + "?" + parts[2]
            : "nadb:fs:" + directory + "?metadata=none&" + parts[2];
    int keys = Integer.parseInt(parts[1]);
    List<Removal> told = new ArrayList<>();
    List<Long> numbers = new CopyOnWriteArrayList<>();
    AtomicLong failures = new AtomicLong();
    List<Setting> settings = new ArrayList<>();
    Map<String, String> left = new HashMap<>();
    try (StoreRegistry registry = StoreRegistry.create()) {
      KeyValueStore store = registry.open(url);
      store.onRemoval(RemovalListener.withValues(told::add));
      store.onRemoval(
          removal -> {
            if (numbers.size() < 1000) {
              numbers.add(removal.sequence());
            }
            failures.incrementAndGet();
            throw new IllegalStateException("as a listener may");
          });
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
      workers.forEach(worker -> settings.addAll(worker.settings));
      for (int i = 0; i < keys; i++) {
        store.setIfPresent("k" + i, utf8("last" + i)); // What is left, then, never expires.
      }
      store.cleanupExpired();
      store.keys("").forEach(key -> left.put(key, text(store.get(key).orElseThrow())));
      assertThat(store.stats().flushCount()).as("flushes that came in between").isGreaterThan(20);
      store.close();
    }

    settings.removeIf(each -> left.containsValue(each.value));
    left.values().removeIf(value -> value.startsWith("last"));
    assertThat(left).as("what was replaced by the last values").isEmpty();
    check(settings, told);
    assertThat(numbers)
        .isEqualTo(told.stream().limit(numbers.size()).map(Removal::sequence).toList());
    assertThat(failures).hasValue(told.size());
    for (RemovalCause cause : RemovalCause.values()) {
      assertThat(told).extracting(Removal::cause).as("else this proves little").contains(cause);
    }
  }

  private static void check(List<Setting> settings, List<Removal> told) {
    Map<String, Removal> byValue = new HashMap<>();
    Map<Long, Setting> byNumber = new HashMap<>();
    settings.stream().filter(Setting::isExact).forEach(each -> byNumber.put(each.from, each));
    long last = 0;
    for (Removal removal : told) {
      assertThat(removal.sequence()).as("in order").isGreaterThan(last);
      last = removal.sequence();
      assertThat(byValue.put(text(removal.value().orElseThrow()), removal)).as("once").isNull();
      Setting by = byNumber.get(removal.sequence());
      if (by != null) {
        assertThat(removal.key()).as("%s was removed by %s", removal, by).isEqualTo(by.key);
        assertThat(removal.cause()).isIn(RemovalCause.REPLACED, RemovalCause.EXPIRED);
      }
      if (removal.cause() == RemovalCause.EXPIRED) {
        assertThat(removal.metadata().expiresAt()).as("%s", removal).isPresent();
      }
    }
    Map<String, NavigableMap<Long, Setting>> exact = new HashMap<>();
    for (Setting set : settings) {
      Removal removal = byValue.get(set.value);
      if (removal == null) {
        throw new AssertionError("the removal of " + set + " was not told");
      }
      assertThat(removal.key()).isEqualTo(set.key);
      assertThat(removal.sequence()).as("%s after %s", removal, set).isGreaterThan(set.from);
      if (set.expires) {
        assertThat(removal.metadata().expiresAt().isPresent()).as("%s", removal).isTrue();
      }
      if (set.isExact()) {
        exact.computeIfAbsent(set.key, key -> new TreeMap<>()).put(set.from, set);
      }
    }
    assertThat(byValue).as("nothing else was removed").hasSize(settings.size());
    exact.forEach((key, sets) -> checkThatEachWasRemovedBeforeTheNext(sets, byValue));
  }

  private static void checkThatEachWasRemovedBeforeTheNext(
      NavigableMap<Long, Setting> sets, Map<String, Removal> byValue) {
    for (Setting set : sets.values()) {
      Map.Entry<Long, Setting> next = sets.higherEntry(set.from);
      if (next != null) {
        assertThat(Objects.requireNonNull(byValue.get(set.value)).sequence())
            .as("the removal of %s, after which %s was set", set, next.getValue())
            .isLessThanOrEqualTo(next.getKey());
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(byte[] value) {
    return new String(value, UTF_8);
  }

  /** A thread, and what it has set. */
  private final class Worker implements Callable<Void> {
    final List<Setting> settings = new ArrayList<>();
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
        if (i % (STEPS / THREADS / 25) == 0) {
          setForEver(key(), newValue());
          store.flush(); // There is something to flush, whoever does it first.
        }
        step();
      }
      return null;
    }

    private String key() {
      return "k" + random.nextInt(keys);
    }

    private String newValue() {
      return "v" + values.incrementAndGet() + "x".repeat(random.nextInt(60));
    }

    private Duration soon() {
      return Duration.ofMillis(1 + random.nextInt(4));
    }

    private void note(String key, String value, long from, long to, boolean expires) {
      settings.add(new Setting(key, value, from, to, expires));
    }

    private void setForEver(String key, String value) {
      long number = store.set(key, utf8(value));
      note(key, value, number, number, false);
    }

    private void step() {
      String key = key();
      String value = newValue();
      switch (random.nextInt(14)) {
        case 0, 1, 2 -> setForEver(key, value);
        case 3, 4 -> {
          long number = store.set(key, utf8(value), SetOptions.ttl(soon()));
          note(key, value, number, number, true);
        }
        case 5 -> store.delete(key);
        case 6 -> {
          if (store.setIfAbsent(key, utf8(value), SetOptions.ttl(soon()))) {
            note(key, value, 0, UNKNOWN, true);
          }
        }
        case 7 -> {
          store.getAndSet(key, utf8(value));
          note(key, value, 0, UNKNOWN, false);
        }
        case 8 -> {
          store.compute(key, before -> Optional.of(utf8(value)));
          note(key, value, 0, UNKNOWN, false);
        }
        case 9, 10 -> transaction();
        case 11 -> store.touch(key, soon());
        case 12 -> store.cleanupExpired();
        default -> {
          if (random.nextInt(40) == 0) {
            store.clear();
          } else {
            store.getAndDelete(key);
          }
        }
      }
    }

    private void transaction() {
      Map<String, String> set = new HashMap<>();
      try (Transaction transaction = store.begin()) {
        int writes = 0;
        for (int i = 0; i < 3; i++) {
          String key = key();
          if (random.nextBoolean()) {
            String value = newValue();
            transaction.set(key, utf8(value));
            set.put(key, value);
          } else {
            transaction.delete(key);
            set.remove(key);
          }
          writes++;
        }
        long last = transaction.commit();
        long first = last - writes + 1;
        set.forEach((key, value) -> note(key, value, first, last, false));
      } catch (ConflictException e) {
        // Nothing was written.
      }
    }
  }
}
