package io.nadb.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Readers and writers race flushes, sweeps and compactions, with the real clock and a tiny buffer.
 *
 * <p>Each key has one writer, which writes versions 1, 2, 3 and so on; all that an entry is follows
 * from its key and version. A read that began after version a was acknowledged and ended before
 * version s + 1 was begun must see one of the versions from a to s, whole.
 */
class RaceIT {
  private static final int WRITERS = 4;
  private static final int READERS = 4;
  private static final int KEYS = 48;
  private static final int WRITES = Integer.getInteger("nadb.race.writes", 10_000);
  private static final int CLEARS = 300;
  private static final int CLEARED_KEYS = 300;

  /** On a machine with few cores, that many writes may be done before so many flushes are. */
  private static final long FLUSHES = 20;

  /** Entries that nobody changes, and which compaction moves again and again. */
  private static final List<String> FIXED =
      IntStream.range(0, 10).mapToObj(i -> "fixed" + i).toList();

  @TempDir Path directory;
  private final AtomicIntegerArray started = new AtomicIntegerArray(KEYS);
  private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(KEYS);
  private final AtomicInteger writing = new AtomicInteger(WRITERS);

  @ParameterizedTest
  @ValueSource(strings = {"buffered", "written", "written&memory=0b", "synced"})
  void eightThreadsLoseNothingAndInventNothing(String durability) throws Exception {
    String url =
        "nadb:fs:"
            + directory
            + "?buffer=8kb&flush=3ms&sweep=10ms&segment=64kb&compression=zlib&durability="
            + durability;
    int writes = durability.equals("synced") ? WRITES / 40 : WRITES;
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(url)) {
      for (String key : FIXED) {
        store.set(key, value(0, 0), SetOptions.tags("fixed"));
      }
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        work.add(threads.submit(() -> write(store, writer, writes)));
      }
      for (int i = 0; i < READERS; i++) {
        int seed = i;
        work.add(threads.submit(() -> read(store, new SplittableRandom(seed))));
      }
      for (Future<?> each : work) {
        each.get();
      }
      threads.shutdown();
      checkAll(store);
      assertThat(store.stats().flushCount()).as("flushes that were raced").isGreaterThan(FLUSHES);
    }
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(url)) {
      checkAll(store);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "0b"})
  void interruptedThreadsDoTheStoreNoHarm(String memory) throws Exception {
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store =
            registry.open(
                "nadb:fs:"
                    + directory
                    + "?segment=64kb&flush=5ms&durability=synced&memory="
                    + memory)) {
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
      List<Future<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        String key = "key" + i;
        work.add(
            threads.submit(
                () -> {
                  boolean stillInterrupted = true;
                  for (int n = 0; n < 100; n++) {
                    byte[] value = (key + n).repeat(50).getBytes(UTF_8);
                    Thread.currentThread().interrupt();
                    store.set(key, value, SetOptions.tags("t" + n % 3));
                    stillInterrupted &= store.get(key).filter(v -> v.length > 0).isPresent();
                    store.flush();
                    stillInterrupted &= store.queryByTags("t" + n % 3).size() > 0;
                    stillInterrupted &= Thread.interrupted();
                  }
                  return stillInterrupted;
                }));
      }
      for (Future<Boolean> each : work) {
        assertThat(each.get()).as("each call worked, and left the thread interrupted").isTrue();
      }
      threads.shutdown();
    }
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open("nadb:fs:" + directory)) {
      for (int i = 0; i < WRITERS; i++) {
        assertThat(store.get("key" + i)).hasValue(("key" + i + 99).repeat(50).getBytes(UTF_8));
      }
    }
  }

  @Test
  void questionsFindEachKeyOnceWhileAllAreOverwritten() throws Exception {
    List<String> keys = IntStream.range(0, KEYS).mapToObj(i -> "key" + i).sorted().toList();
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store =
            registry.open("nadb:fs:" + directory + "?segment=64kb&buffer=4kb&metadata=none")) {
      keys.forEach(key -> store.set(key, new byte[1], SetOptions.tags("all")));
      ExecutorService threads = Executors.newFixedThreadPool(2);
      Future<?> writer =
          threads.submit(
              () -> {
                for (int n = 0; n < WRITES; n++) {
                  store.set("key" + n % KEYS, new byte[100], SetOptions.tags("all"));
                  if (n % 7 == 0) {
                    store.flush();
                  }
                }
              });
      Future<?> reader =
          threads.submit(
              () -> {
                while (!writer.isDone()) {
                  assertThat(store.queryByTags("all").stream().map(EntryMetadata::key))
                      .containsExactlyElementsOf(keys);
                  assertThat(store.tags()).containsEntry("all", (long) KEYS);
                  assertThat(store.keys("key")).isEqualTo(keys);
                }
              });
      writer.get();
      reader.get();
      threads.shutdown();
    }
  }

  /**
   * Rounds of three steps: all keys are set, then a mark says so, then all are cleared. So who has
   * seen the mark, and then misses one key, must miss every other key of that round.
   */
  @ParameterizedTest
  @ValueSource(strings = {"nadb:mem:clears?", "nadb:fs:clears?segment=64kb&metadata=none&"})
  void aClearIsSeenWholeOrNotAtAll(String url) throws Exception {
    String at = url.replace("fs:", "fs:" + directory + "/");
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(at + "namespace=cleared");
        KeyValueStore marks = registry.open(at + "namespace=marks")) {
      ExecutorService threads = Executors.newFixedThreadPool(2);
      Future<?> writer =
          threads.submit(
              () -> {
                for (int round = 1; round <= CLEARS; round++) {
                  byte[] value = ("" + round).getBytes(UTF_8);
                  for (int key = 0; key < CLEARED_KEYS; key++) {
                    store.set("key" + key, value);
                  }
                  marks.set("whole", value);
                  store.clear();
                }
              });
      Future<?> reader =
          threads.submit(
              () -> {
                SplittableRandom random = new SplittableRandom(1);
                while (!writer.isDone()) {
                  Optional<byte[]> round = marks.get("whole");
                  Optional<byte[]> one = store.get("key" + random.nextInt(CLEARED_KEYS));
                  Optional<byte[]> other = store.get("key" + random.nextInt(CLEARED_KEYS));
                  if (round.isPresent() && one.isEmpty() && other.isPresent()) {
                    assertThat(other.get()).as("cleared").isNotEqualTo(round.get());
                  }
                }
              });
      writer.get();
      reader.get();
      threads.shutdown();
    }
  }

  private Boolean write(KeyValueStore store, int writer, int writes) {
    try {
      SplittableRandom random = new SplittableRandom(writer);
      for (int n = 0; n < writes || store.stats().flushCount() <= FLUSHES; n++) {
        int key = writer + WRITERS * random.nextInt(KEYS / WRITERS);
        int version = started.incrementAndGet(key);
        if (isDeletion(version)) {
          store.delete("key" + key);
        } else {
          SetOptions options = SetOptions.tags("v" + version);
          store.set(
              "key" + key,
              value(key, version),
              hasTtl(version) ? options.withTtl(Duration.ofHours(1)) : options);
        }
        acknowledged.set(key, version);
        if (n % 4 == 0) {
          store.touch(FIXED.get(random.nextInt(FIXED.size())), Duration.ofHours(1));
          touchOneOfMine(store, writer + WRITERS * random.nextInt(KEYS / WRITERS));
        }
      }
      return true;
    } finally {
      writing.decrementAndGet();
    }
  }

  private void touchOneOfMine(KeyValueStore store, int key) {
    int version = acknowledged.get(key);
    if (version > 0 && !isDeletion(version) && hasTtl(version)) {
      assertThat(store.touch("key" + key, Duration.ofHours(1))).isTrue();
    }
  }

  private Boolean read(KeyValueStore store, SplittableRandom random) {
    int[] latest = new int[KEYS];
    for (int n = 0; writing.get() > 0; n++) {
      int key = random.nextInt(KEYS);
      int from = acknowledged.get(key);
      if (n % 50 == 0) {
        checkHits(store, key);
      } else if (n % 50 == 1) {
        checkFixed(store);
      } else if (n % 5 == 0) {
        Optional<EntryMetadata> seen = store.metadata("key" + key);
        checkMetadata(key, from, started.get(key), seen);
      } else {
        Optional<byte[]> seen = store.get("key" + key);
        int version = checkValue(key, from, started.get(key), seen);
        assertThat(version).as("never back in time").isGreaterThanOrEqualTo(latest[key]);
        latest[key] = version;
      }
    }
    return true;
  }

  private void checkAll(KeyValueStore store) {
    for (int key = 0; key < KEYS; key++) {
      int version = acknowledged.get(key);
      assertThat(started.get(key)).isEqualTo(version);
      checkValue(key, version, version, store.get("key" + key));
      checkMetadata(key, version, version, store.metadata("key" + key));
      assertThat(store.queryByTags("v" + version).stream().map(EntryMetadata::key))
          .as("keys of version %s", version)
          .filteredOn(("key" + key)::equals)
          .hasSize(isDeletion(version) ? 0 : 1);
    }
  }

  /** Checks what was read, and returns the version (the earliest possible, if it is a deletion). */
  private static int checkValue(int key, int from, int to, Optional<byte[]> seen) {
    if (seen.isEmpty()) {
      return checkAbsence(key, from, to);
    }
    String text = new String(seen.get(), UTF_8);
    int version = Integer.parseInt(text.substring(0, text.indexOf(' ')));
    assertThat(seen.get()).as("key%s", key).isEqualTo(value(key, version));
    assertThat(version).as("version of key%s", key).isBetween(from, to);
    return version;
  }

  private static void checkMetadata(int key, int from, int to, Optional<EntryMetadata> seen) {
    if (seen.isEmpty()) {
      checkAbsence(key, from, to);
      return;
    }
    checkWhole(key, seen.get());
    assertThat(version(seen.get())).as("version of key%s", key).isBetween(from, to);
  }

  private static void checkFixed(KeyValueStore store) {
    assertThat(store.queryByTags("fixed").stream().map(EntryMetadata::key)).isEqualTo(FIXED);
    assertThat(store.keys("fixed")).isEqualTo(FIXED);
    assertThat(store.tags()).containsEntry("fixed", (long) FIXED.size());
    for (String key : FIXED) {
      assertThat(store.get(key)).hasValue(value(0, 0));
      assertThat(store.entry(key).orElseThrow().value()).isEqualTo(value(0, 0));
    }
  }

  private static void checkHits(KeyValueStore store, int key) {
    store.metadata("key" + key).stream()
        .flatMap(entry -> store.queryByTags(List.copyOf(entry.tags()).get(0)).stream())
        .forEach(hit -> checkWhole(Integer.parseInt(hit.key().substring(3)), hit));
  }

  /** Value length, tags and TTL must be of one version. */
  private static void checkWhole(int key, EntryMetadata entry) {
    int version = version(entry);
    assertThat(entry.size()).isEqualTo(value(key, version).length);
    assertThat(entry.tags()).containsExactly("v" + version);
    assertThat(entry.expiresAt().isPresent()).isEqualTo(hasTtl(version));
  }

  private static int checkAbsence(int key, int from, int to) {
    for (int version = from; version <= to; version++) {
      if (isDeletion(version)) {
        return version;
      }
    }
    throw new AssertionError("key" + key + " is lost: versions " + from + " to " + to);
  }

  private static int version(EntryMetadata entry) {
    return Integer.parseInt(List.copyOf(entry.tags()).get(0).substring(1));
  }

  /** Version 0 is the time before the first write. */
  private static boolean isDeletion(int version) {
    return version % 7 == 0;
  }

  private static boolean hasTtl(int version) {
    return version % 3 == 0;
  }

  private static byte[] value(int key, int version) {
    String unit = key + "/" + version + ";";
    return (version + " " + unit.repeat(1 + version % 60)).getBytes(UTF_8);
  }
}
