package io.nadb.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.ConflictException;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.Transaction;
import io.nadb.proof.History.Glimpse;
import io.nadb.proof.History.Read;
import io.nadb.proof.History.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A thread's work: random transactions, single writes and single reads on a few keys; and what it
 * has seen and done.
 */
final class Transactor implements Callable<Void> {
  private static final int FLUSHES = 25;

  private final List<Step> steps = new ArrayList<>();
  private final List<Read> reads = new ArrayList<>();
  private final List<Glimpse> glimpses = new ArrayList<>();
  private final KeyValueStore store;
  private final int keys;
  private final int count;
  private final SplittableRandom random;
  private final AtomicLong values;

  /** How long an entry lives at most; none expires if this is zero. */
  private final Duration longest;

  /** After how many steps it flushes; 0 if that is left to time and size. */
  private final int flushEvery;

  private Transactor(
      KeyValueStore store,
      int keys,
      int count,
      long seed,
      AtomicLong values,
      Duration longest,
      int flushEvery) {
    this.store = store;
    this.keys = keys;
    this.count = count;
    this.random = new SplittableRandom(seed);
    this.values = values;
    this.longest = longest;
    this.flushEvery = flushEvery;
  }

  /**
   * Makes one whose entries do not expire, and which flushes {@value #FLUSHES} times at least.
   *
   * @param values makes all values different
   */
  static Transactor forever(
      KeyValueStore store, int keys, int count, long seed, AtomicLong values) {
    return new Transactor(
        store, keys, count, seed, values, Duration.ZERO, Math.max(1, count / FLUSHES));
  }

  /** Makes one of whose entries every second expires in that time at the latest. */
  static Transactor expiring(
      KeyValueStore store, int keys, int count, long seed, AtomicLong values, Duration longest) {
    return new Transactor(store, keys, count, seed, values, longest, 0);
  }

  static Map<String, String> contents(KeyValueStore store) {
    Map<String, String> contents = new HashMap<>();
    store.keys("").forEach(key -> contents.put(key, text(store.get(key)).orElseThrow()));
    return contents;
  }

  private static Optional<String> text(Optional<byte[]> value) {
    return value.map(bytes -> new String(bytes, UTF_8));
  }

  List<Step> steps() {
    return steps;
  }

  List<Read> reads() {
    return reads;
  }

  List<Glimpse> glimpses() {
    return glimpses;
  }

  @Override
  public @Nullable Void call() {
    for (int i = 0; i < count; i++) {
      try {
        if (flushEvery > 0 && i % flushEvery == 0) {
          set();
          store.flush(); // There is something to flush, whoever does it first.
        }
        switch (random.nextInt(8)) {
          case 0 -> set();
          case 1, 2 -> get();
          default -> transact();
        }
      } catch (ConflictException e) {
        throw e;
      } catch (NadbException e) {
        // There was no room in time, and so nothing of it may be seen.
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

  private Duration newTtl() {
    return longest.isZero() || random.nextBoolean()
        ? Duration.ZERO
        : Duration.ofMillis(random.nextLong(1, longest.toMillis() + 1));
  }

  private static SetOptions options(Duration ttl) {
    return ttl.isZero() ? SetOptions.none() : SetOptions.ttl(ttl);
  }

  private void set() {
    String key = key();
    String value = newValue();
    Duration ttl = newTtl();
    long begun = System.nanoTime();
    long number = store.set(key, value.getBytes(UTF_8), options(ttl));
    steps.add(
        new Step(
            begun,
            System.nanoTime(),
            number,
            number,
            Map.of(),
            Map.of(key, value),
            Map.of(key, ttl)));
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
    Map<String, Duration> ttls = new HashMap<>();
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
          Duration ttl = newTtl();
          transaction.set(key, value.getBytes(UTF_8), options(ttl));
          written.put(key, value);
          ttls.put(key, ttl);
        }
      }
      long last = transaction.commit();
      steps.add(
          new Step(begun, System.nanoTime(), last - written.size() + 1, last, seen, written, ttls));
    } catch (ConflictException e) {
      glimpses.add(new Glimpse(seen)); // It must have left no trace, and have seen a moment.
    }
  }
}
