package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Listings and queries race writers, flushes, sweeps and compactions, with the real clock and a
 * tiny buffer, and answer from one moment all the same.
 *
 * <p>Each writer hands a tag and a version on: it writes {@code left}, then {@code right}, with the
 * same version; and it carries a token to the next of its places before it takes it away from the
 * last. At every moment the left version is the right one or the next, and there are one or two
 * tokens.
 */
class OneMomentIT {
  private static final int WRITERS = 3;
  private static final int READERS = 3;
  private static final int ROUNDS = 500;

  /** So many answers are given, at least, and so many flushes done, while it is written. */
  private static final int ANSWERS = 60;

  private static final int FLUSHES = 60;
  private static final int PLACES = 40;

  /** Entries that nobody changes, so that answers take a while and compaction has work. */
  private static final int FIXED = 300;

  @TempDir Path directory;
  private final AtomicInteger writing = new AtomicInteger(WRITERS);
  private final AtomicInteger reading = new AtomicInteger(READERS);
  private final AtomicInteger answers = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(strings = {"fs", "fs&durability=written", "fs&memory=0b", "mem"})
  void noAnswerIsOfTwoMoments(String kind) throws Exception {
    String options = "?buffer=8kb&flush=3ms&sweep=10ms";
    String url =
        kind.equals("mem")
            ? "nadb:mem:race" + options
            : "nadb:fs:" + directory + options + "&segment=64kb" + kind.substring(2);
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(url)) {
      for (int i = 0; i < FIXED; i++) {
        store.set("fixed" + i, new byte[50], SetOptions.tags("fixed"));
      }
      for (int writer = 0; writer < WRITERS; writer++) {
        store.set(place(writer, 0), new byte[1], SetOptions.tags("token" + writer));
        store.set("w" + writer + "-left", new byte[20], SetOptions.tags("w" + writer, "v0"));
        store.set("w" + writer + "-right", new byte[20], SetOptions.tags("w" + writer, "v0"));
      }
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        work.add(threads.submit(() -> write(store, writer)));
      }
      for (int i = 0; i < READERS; i++) {
        work.add(threads.submit(() -> read(store)));
      }
      for (Future<?> each : work) {
        each.get();
      }
      threads.shutdown();
    }
  }

  private void write(KeyValueStore store, int writer) {
    try {
      String pair = "w" + writer;
      for (int round = 1; round <= ROUNDS || isTooEarly(store); round++) {
        SetOptions version = SetOptions.tags(pair, "v" + round);
        store.set(pair + "-left", new byte[300], version);
        store.set(pair + "-right", new byte[300], version);
        store.set(place(writer, round), new byte[300], SetOptions.tags("token" + writer));
        store.delete(place(writer, round - 1));
      }
    } finally {
      writing.decrementAndGet();
    }
  }

  private boolean isTooEarly(KeyValueStore store) {
    return reading.get() == READERS
        && (answers.get() < ANSWERS || store.stats().flushCount() < FLUSHES);
  }

  private static String place(int writer, int round) {
    return "token" + writer + "-" + round % PLACES;
  }

  private void read(KeyValueStore store) {
    try {
      while (writing.get() > 0) {
        check(store);
        answers.incrementAndGet();
      }
    } finally {
      reading.decrementAndGet();
    }
  }

  private static void check(KeyValueStore store) {
    assertThat(store.keys("fixed")).hasSize(FIXED);
    for (int writer = 0; writer < WRITERS; writer++) {
      checkPair(store.queryByTags("w" + writer));
      assertThat(store.keys("token" + writer + "-").size()).isBetween(1, 2);
      assertThat(store.queryByTags("token" + writer).size()).isBetween(1, 2);
      assertThat(store.query().allTags("token" + writer).count()).isBetween(1L, 2L);
      assertThat(store.query().allTags("w" + writer).count()).isEqualTo(2);
      checkPair(store.query().allTags("w" + writer).limit(2).page().entries());
    }
    checkCounts(store.tags());
    assertThat(store.query().allTags("fixed").count()).isEqualTo(FIXED);
    assertThat(store.query().allTags("fixed").limit(FIXED).page().entries())
        .extracting(EntryMetadata::key)
        .hasSize(FIXED)
        .isSorted();
  }

  /** In key order: left, then right. */
  private static void checkPair(List<EntryMetadata> pair) {
    assertThat(pair).hasSize(2);
    assertThat(version(pair.get(0)) - version(pair.get(1))).isBetween(0, 1);
  }

  private static int version(EntryMetadata entry) {
    return entry.tags().stream()
        .filter(tag -> tag.startsWith("v"))
        .mapToInt(tag -> Integer.parseInt(tag.substring(1)))
        .sum();
  }

  private static void checkCounts(Map<String, Long> tags) {
    assertThat(tags.get("fixed")).isEqualTo(FIXED);
    for (int writer = 0; writer < WRITERS; writer++) {
      assertThat(tags.get("token" + writer)).isBetween(1L, 2L);
      assertThat(tags.get("w" + writer)).isEqualTo(2);
    }
  }
}
