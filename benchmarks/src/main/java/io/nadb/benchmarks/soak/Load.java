package io.nadb.benchmarks.soak;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.benchmarks.data.Zipf;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One thread that does all that a store can do, as fast as it can, and compares what it reads.
 *
 * <p>Of a hundred operations, 50 read, 32 set, 10 set with two tags and a TTL, 7 delete, 1 asks for
 * metadata; every so often there is a query by tags and a listing.
 */
final class Load implements Runnable {
  static final int KEYS = 500_000;
  private static final int DRAWN = 1 << 20;
  private static final int BETWEEN_QUERIES = 100_000;
  private static final int MAX_TTL_SECONDS = 60;

  private final KeyValueStore store;
  private final long end;
  private final int number;
  private final AtomicLong slowestNanos;
  private final Values values = new Values(100);
  private volatile long operations;

  /**
   * Makes a load.
   *
   * @param end until when it goes on, by {@link System#nanoTime}
   * @param slowestNanos is told the longest call that is no query
   */
  Load(KeyValueStore store, long end, int number, AtomicLong slowestNanos) {
    this.store = store;
    this.end = end;
    this.number = number;
    this.slowestNanos = slowestNanos;
  }

  long operations() {
    return operations;
  }

  @Override
  public void run() {
    int[] ranks = new Zipf(KEYS).draw(DRAWN, number);
    SplittableRandom random = new SplittableRandom(number);
    long before = System.nanoTime();
    for (int i = 1; before < end; i++) {
      // The popular keys are others after each round, so that in time all are used.
      int round = i >>> 20;
      int key = (int) Math.floorMod(Keys.mix(ranks[i & (DRAWN - 1)] + 1000L * round), (long) KEYS);
      operate(random, key);
      operations = i;
      long after = System.nanoTime();
      slowestNanos.accumulateAndGet(after - before, Math::max);
      before = after;
      if (i % BETWEEN_QUERIES == 0) {
        query(random);
        before = System.nanoTime();
      }
    }
  }

  private void operate(SplittableRandom random, int key) {
    int choice = random.nextInt(100);
    String text = Keys.of(key);
    if (choice < 50) {
      store.get(text).ifPresent(value -> values.version(key, value));
    } else if (choice < 82) {
      store.set(text, values.of(key, choice & 7));
    } else if (choice < 92) {
      SetOptions options =
          SetOptions.ttl(Duration.ofSeconds(1 + random.nextInt(MAX_TTL_SECONDS)))
              .withTags("group-" + key % 1000, "kind-" + key % 7);
      store.set(text, values.of(key, choice & 7), options);
    } else if (choice < 99) {
      store.delete(text);
    } else {
      store.metadata(text);
    }
  }

  private void query(SplittableRandom random) {
    String tag = "group-" + random.nextInt(1000);
    store
        .queryByTags(tag)
        .forEach(
            hit -> {
              if (!hit.tags().contains(tag)) {
                throw new IllegalStateException(hit + " does not have the tag " + tag);
              }
            });
    String prefix = Keys.of(random.nextInt(KEYS)).substring(0, 4);
    store
        .keys(prefix)
        .forEach(
            key -> {
              if (!key.startsWith(prefix)) {
                throw new IllegalStateException(key + " does not begin with " + prefix);
              }
            });
  }
}
