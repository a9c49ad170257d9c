package io.nadb.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testing.InMemory;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cuts the power in segments of many thousand records, which have all that small ones never come
 * to: hints of several blocks, and records by the thousand that are written and not synced.
 *
 * <p>Each write sets a key to the number of the write, so what is found tells which it has.
 */
@Tag("proof")
class TinyRecordsPowerCutTest {
  private static final int MOMENTS = Integer.getInteger("nadb.powercut.moments", 6);
  private static final int KEYS = 700;

  @TempDir(factory = InMemory.class)
  Path temp;

  private final List<Integer> keys = new ArrayList<>(List.of(0));

  /** How many operations the disk had seen when each write had returned. */
  private final List<Integer> written = new ArrayList<>(List.of(0));

  /** Up to which write a flush had made all durable, and how many operations later. */
  private final List<int[]> flushes = new ArrayList<>(List.of(new int[2]));

  private int images;

  private static String url(Path directory, String durability) {
    return "nadb:fs:"
        + directory
        + "?buffer=4mb&segment=1mb&flush=off&sweep=1s&metadata=none&durability="
        + durability;
  }

  private static StoreRegistry registry(VirtualTime time, SimulatedDisk disk) {
    return new NadbRegistryProvider().create(time, disk);
  }

  private void write(KeyValueStore store, int count, Random random) {
    for (int i = 0; i < count; i++) {
      int number = keys.size();
      keys.add(number <= KEYS ? number - 1 : random.nextInt(KEYS));
      store.set("key" + keys.get(number), Integer.toString(number).getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @CsvSource({"written, 1", "written, 2", "buffered, 3", "synced, 4"})
  void afterAPowerCutTheStoreIsRightAndStaysSo(String durability, long seed) throws IOException {
    Random random = new Random(seed);
    Path directory = temp.resolve("store");
    SimulatedDisk disk = new SimulatedDisk(directory.resolve("main"));
    VirtualTime time = new VirtualTime();
    try (StoreRegistry registry = registry(time, disk);
        KeyValueStore store = registry.open(url(directory, durability))) {
      for (int round = 0; round < 6; round++) {
        int count = durability.equals("synced") ? 900 : 700 + random.nextInt(5000);
        for (int i = 0; i < count; i++) {
          write(store, 1, random);
          written.add(disk.count());
        }
        store.flush();
        flushes.add(new int[] {keys.size() - 1, disk.count()});
        time.advance(
            Duration.ofSeconds(round % 2 == 0 ? 0 : 2)); // Compaction, if it is worth while.
      }
    }
    CrashImage image = new CrashImage(disk);
    int[] moments = random.ints(MOMENTS, 1, disk.count() + 1).sorted().toArray();
    for (int moment : moments) {
      image.advance(disk.operations(), moment);
      for (Fate fate : Fate.values()) {
        Path to = temp.resolve("image" + images++);
        image.write(directory.resolve("main"), to.resolve("main"), fate, random);
        try {
          check(to, durability, fate, moment, random);
        } catch (RuntimeException e) {
          throw new AssertionError(fate + " at " + moment + ": " + e.getMessage(), e);
        } finally {
          Directories.delete(to);
        }
      }
    }
  }

  private void check(Path to, String durability, Fate fate, int moment, Random random)
      throws IOException {
    int least = 0;
    for (int[] flush : flushes) {
      least = flush[1] <= moment ? flush[0] : least;
    }
    int most = 0;
    while (most + 1 < written.size() && written.get(most) < moment) {
      most++;
    }
    if (durability.equals("synced") || (durability.equals("written") && fate == Fate.KEPT)) {
      least = Math.max(least, lastWritten(moment));
    }
    String what = fate + " after operation " + moment;
    SimulatedDisk disk = new SimulatedDisk(to.resolve("main"));
    VirtualTime time = new VirtualTime();
    List<Integer> before = List.copyOf(keys);
    int found;
    int[] expected;
    try (StoreRegistry registry = registry(time, disk);
        KeyValueStore store = registry.open(url(to, durability))) {
      int[] values = read(store);
      found = 0;
      for (int value : values) {
        found = Math.max(found, value);
      }
      assertThat(found).as(what).isBetween(least, durability.equals("buffered") ? end() : most);
      assertThat(values).as(what).isEqualTo(state(found));
      if (durability.equals("buffered")) {
        int last = found;
        assertThat(flushes).as(what).anyMatch(flush -> flush[0] == last);
      }
      keys.subList(found + 1, keys.size()).clear();
      write(store, 200 + random.nextInt(5000), random);
      store.flush();
      time.advance(Duration.ofSeconds(10));
      write(store, 10, random);
      expected = state(end());
    }
    for (int life = 0; life < 2; life++) {
      try (StoreRegistry registry = registry(time, disk);
          KeyValueStore store = registry.open(url(to, durability))) {
        assertThat(read(store)).as("%s, found %s, another life", what, found).isEqualTo(expected);
        time.advance(Duration.ofSeconds(10));
        assertThat(store.keys(""))
            .hasSize((int) Arrays.stream(expected).filter(it -> it > 0).count());
      }
    }
    keys.clear();
    keys.addAll(before);
  }

  private int end() {
    return keys.size() - 1;
  }

  private int lastWritten(int moment) {
    int last = 0;
    while (last + 1 < written.size() && written.get(last + 1) <= moment) {
      last++;
    }
    return last;
  }

  /** The latest write of each key, 0 for none, after so many writes. */
  private int[] state(int writes) {
    int[] state = new int[KEYS];
    for (int number = 1; number <= writes; number++) {
      state[keys.get(number)] = number;
    }
    return state;
  }

  private static int[] read(KeyValueStore store) {
    int[] values = new int[KEYS];
    for (int key = 0; key < KEYS; key++) {
      values[key] =
          store.get("key" + key).map(value -> Integer.parseInt(new String(value, UTF_8))).orElse(0);
    }
    return values;
  }
}
