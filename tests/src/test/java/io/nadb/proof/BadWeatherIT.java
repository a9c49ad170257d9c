package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.proof.History.Glimpse;
import io.nadb.proof.History.Read;
import io.nadb.testkit.Check;
import io.nadb.testkit.Crash;
import io.nadb.testkit.HarnessSettings;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Threads run transactions, writes and reads on entries that expire, while flushes fail, the clock
 * is set forth and back, expired entries are swept and the buffer is full; then the process ends,
 * by a crash mostly, and they go on with what is left. The history is checked exactly, and what is
 * left is one state of it, with every transaction whole.
 *
 * <p>{@code -Dnadb.weather.steps=1000000} for longer ones, {@code -Dnadb.weather.seed} for the same
 * weather.
 */
class BadWeatherIT {
  private static final int THREADS = 4;
  private static final int DAYS = 6;
  private static final int STEPS = Integer.getInteger("nadb.weather.steps", 60_000);
  private static final Duration LONGEST_LIFE = Duration.ofSeconds(8);
  private static final List<Crash> CRASHES = List.of(Crash.values());
  private static final List<Operation> FAILING =
      List.of(
          Operation.APPLY,
          Operation.WRITE,
          Operation.SYNC,
          Operation.SYNC_DIRECTORY,
          Operation.CREATE,
          Operation.RENAME,
          Operation.DELETE);

  private final AtomicLong values = new AtomicLong();
  private long waits;
  private long failedFlushes;

  @ParameterizedTest
  @CsvSource({
    "30, nadb:fs:?buffer=1kb&flush=5s&sweep=7s&segment=64kb&metadata=none&write-timeout=1s",
    "50, nadb:fs:?buffer=1kb&flush=2s&sweep=3s&segment=64kb&metadata=none&memory=0b&write-timeout=1s",
  })
  void whateverHappensTheOrderOfNumbersExplainsWhatWasSeenAndWhatIsLeft(int keys, String url)
      throws Exception {
    long seed = Long.getLong("nadb.weather.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    HarnessSettings settings =
        HarnessSettings.DEFAULT.withUrl(url).withSeed(seed).without(Check.UNFIRED_FAULTS);
    try (NadbHarness harness = NadbHarness.create(settings)) {
      KeyValueStore store = harness.store();
      ClockLog clock = new ClockLog(harness.time().now().toEpochMilli());
      History history = new History(clock);
      for (int day = 0; day < DAYS; day++) {
        String when = "seed " + seed + ", day " + day;
        spend(harness, store, keys, random, clock, history, when);
        assertThat(history.compare(Transactor.contents(store), Long.MAX_VALUE)).as(when).isEmpty();
        harness.faults().heal();
        if (random.nextInt(4) == 0) {
          harness.stop();
        } else {
          harness.crash(CRASHES.get(random.nextInt(CRASHES.size())));
        }
        store = harness.reopen();
        long left = store.durableSequence();
        assertThat(history.compare(Transactor.contents(store), left))
            .as("%s, what is left up to #%d", when, left)
            .isEmpty();
        history = history.upTo(left);
      }
      assertThat(waits).as("writes that had to wait for room").isPositive();
      assertThat(failedFlushes).as("flushes that failed").isPositive();
    }
  }

  /** Has threads work until they are done, in bad weather, and checks what they have seen. */
  private void spend(
      NadbHarness harness,
      KeyValueStore store,
      int keys,
      SplittableRandom random,
      ClockLog clock,
      History history,
      String when)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Transactor> workers = new ArrayList<>();
    List<Future<Void>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Transactor worker =
          Transactor.expiring(
              store, keys, STEPS / DAYS / THREADS, random.nextLong(), values, LONGEST_LIFE);
      workers.add(worker);
      running.add(threads.submit(worker));
    }
    while (!running.stream().allMatch(Future::isDone)) {
      change(harness, store, random, clock);
    }
    for (Future<Void> each : running) {
      each.get();
    }
    threads.shutdown();
    List<Read> singles = new ArrayList<>();
    List<Glimpse> glimpses = new ArrayList<>();
    for (Transactor worker : workers) {
      history.add(worker.steps());
      singles.addAll(worker.reads());
      glimpses.addAll(worker.glimpses());
    }
    waits += store.stats().stalls();
    failedFlushes += store.stats().flushFailures();
    assertThat(history.check(singles, glimpses)).as(when).isEmpty();
  }

  /** Changes the weather. */
  private static void change(
      NadbHarness harness, KeyValueStore store, SplittableRandom random, ClockLog clock) {
    try {
      switch (random.nextInt(16)) {
        case 0 -> {
          Operation failing = FAILING.get(random.nextInt(FAILING.size()));
          harness
              .faults()
              .on(failing)
              .nth(random.nextInt(1, 4))
              .times(random.nextInt(1, 40))
              .fail(new IOException("bad weather"));
        }
        case 1 -> harness.faults().heal();
        case 2, 3 -> {
          Duration step = Duration.ofMillis(random.nextLong(-3000, 3000));
          move(harness, clock, () -> harness.time().shiftClock(step));
        }
        case 4, 5 -> store.flush();
        case 6, 7 -> store.cleanupExpired();
        default -> {
          Duration step = Duration.ofMillis(random.nextLong(2000));
          move(harness, clock, () -> harness.time().advance(step));
        }
      }
    } catch (NadbException e) {
      // A flush or a sweep that fails, as it may.
    }
  }

  private static void move(NadbHarness harness, ClockLog clock, Runnable how) {
    long begun = System.nanoTime();
    how.run();
    clock.moved(begun, System.nanoTime(), harness.time().now().toEpochMilli());
  }
}
