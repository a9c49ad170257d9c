package io.nadb.internal.log.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.log.format.KeyHasher.Fingerprint;
import io.nadb.internal.log.format.Position;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyIndexTest {
  /** The part of a fingerprint that the index keeps: all of low, the first 16 bits of high. */
  private static Fingerprint key(long low, int high) {
    return new Fingerprint(low, (long) high << 48 | 0x1234_5678_9abcL);
  }

  /** Keys whose home is the same slot of the same partition, at whatever size: the last one. */
  private static Fingerprint atTheEnd(int number) {
    return key(0xffff_ffffL << 32 | (long) number << 6, number);
  }

  @Test
  void keysAreToldApartByTheBitsBeyondThe64() {
    KeyIndex index = new KeyIndex(new Live());
    for (int high = 0; high < 300; high++) {
      assertThat(index.put(key(42, high), high, 1 + 2L * high)).isZero();
    }
    for (int high = 0; high < 300; high++) {
      assertThat(index.find(key(42, high))).isEqualTo(1 + 2L * high);
      assertThat(index.lookup(key(42, high))).isEqualTo(new KeyIndex.Slot(1 + 2L * high, high));
    }
    assertThat(index.find(key(42, 300))).isZero();
    assertThat(index.remove(key(42, 7))).isEqualTo(15);
    assertThat(index.find(key(42, 7))).isZero();
    assertThat(index.size()).isEqualTo(299);
  }

  @Test
  void keysThatRunOverTheEndOfTheTableAreFoundWhateverGoes() {
    for (int gone = 0; gone < 6; gone++) {
      KeyIndex index = new KeyIndex(new Live());
      for (int i = 0; i < 6; i++) {
        index.put(atTheEnd(i), i, 1 + i);
      }
      Fingerprint atHome = key(0x2000_0000L << 32, 99); // The second slot, which is taken.
      index.put(atHome, 0, 99);
      assertThat(index.remove(atTheEnd(gone))).isEqualTo(1 + gone);
      assertThat(index.find(atTheEnd(gone))).isZero();
      assertThat(index.find(atHome)).isEqualTo(99);
      for (int i = 0; i < 6; i++) {
        assertThat(index.find(atTheEnd(i))).isEqualTo(i == gone ? 0 : 1 + i);
      }
    }
  }

  @Test
  void timesOfCreationBefore1970AreKept() {
    KeyIndex index = new KeyIndex(new Live());
    index.put(key(1, 2), -86_400_000, 3);
    assertThat(index.lookup(key(1, 2))).isEqualTo(new KeyIndex.Slot(3, -86_400_000));
  }

  /** The positions that somebody needs, as the index tells. */
  private static final class Live implements KeyIndex.Listener {
    final Set<Long> positions = new HashSet<>();

    @Override
    public void outdated(long position) {
      positions.remove(position);
    }

    @Override
    public void touched(long position) {
      assertThat(Position.isTouch(position)).isFalse();
    }

    @Override
    public void released(long position) {
      positions.remove(position);
    }
  }

  /** What a key has: the value's position is 0 unless the slot leads to a touch. */
  private record Held(long position, long created, long value) {
    KeyIndex.Slot slot() {
      return new KeyIndex.Slot(position, created);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void itIsAMapThatKeepsTheValuesOfTouchedKeys(long seed) {
    Random random = new Random(seed);
    List<Fingerprint> keys = keys(random);
    Map<Fingerprint, Held> model = new HashMap<>();
    Live live = new Live();
    KeyIndex index = new KeyIndex(live);
    for (int step = 0; step < 200_000; step++) {
      // Waves, so that the table fills, and empties again.
      boolean fills = step / 20_000 % 2 == 0;
      Fingerprint key = keys.get(random.nextInt(keys.size()));
      Held before = model.get(key);
      long position = random.nextLong() | 1;
      int dice = random.nextInt(10);
      if (dice == 0) {
        move(random, index, live, model, key, 1 + step);
      } else if (dice < 7 == fills) {
        long created = (random.nextLong() << 16) >> 16;
        long old = before == null ? 0 : before.position;
        long value = 0;
        if (before != null && Position.isTouch(position)) {
          value = Position.isTouch(old) ? before.value : old;
        }
        live.positions.add(position);
        assertThat(index.put(key, created, position)).isEqualTo(old);
        model.put(key, new Held(position, created, value));
      } else {
        assertThat(index.remove(key)).isEqualTo(before == null ? 0 : before.position);
        model.remove(key);
      }
      check(index, model, keys.get(random.nextInt(keys.size())));
      if (step % 1000 == 0) {
        assertThat(index.size()).isEqualTo(model.size());
        assertThat(index.hasExpiring())
            .isEqualTo(model.values().stream().anyMatch(held -> Position.hasTtl(held.position)));
        assertThat(live.positions).isEqualTo(needed(model));
      }
    }
    for (Fingerprint key : keys) {
      Held held = model.get(key);
      assertThat(index.remove(key)).isEqualTo(held == null ? 0 : held.position);
    }
    assertThat(index.size()).isZero();
    assertThat(index.hasExpiring()).isFalse();
    assertThat(live.positions).isEmpty();
  }

  private static void check(KeyIndex index, Map<Fingerprint, Held> model, Fingerprint key) {
    Held held = model.get(key);
    assertThat(index.find(key)).isEqualTo(held == null ? 0 : held.position);
    assertThat(index.lookup(key)).isEqualTo(held == null ? null : held.slot());
    assertThat(index.touched(key))
        .isEqualTo(
            held == null || !Position.isTouch(held.position)
                ? null
                : new KeyIndex.Touched(held.position, held.value));
  }

  private static Set<Long> needed(Map<Fingerprint, Held> model) {
    Set<Long> needed = new HashSet<>();
    for (Held held : model.values()) {
      needed.add(held.position);
      if (held.value != 0) {
        needed.add(held.value);
      }
    }
    return needed;
  }

  /** Moves what a key has, something that it had, or merges a touch with its value. */
  private static void move(
      Random random,
      KeyIndex index,
      Live live,
      Map<Fingerprint, Held> model,
      Fingerprint key,
      int handle) {
    Held held = model.getOrDefault(key, new Held(0, 0, 0));
    long anything = random.nextLong() | 1;
    long from = List.of(held.position, held.value, anything).get(random.nextInt(3));
    if (from == 0) {
      return;
    }
    long to = Position.withHandle(from, handle);
    if (from == held.position && held.value != 0 && random.nextBoolean()) {
      // A touch that is no longer current may have been replaced by another one.
      long touch = random.nextBoolean() ? held.position : anything;
      long merged = Position.withHandle(held.position & ~(long) Position.REMOVED, handle);
      boolean current = touch == held.position;
      live.positions.add(merged);
      assertThat(index.merge(key.low(), key.high(), touch, held.value, merged))
          .isEqualTo(current ? KeyIndex.Moved.RECORD : KeyIndex.Moved.VALUE);
      model.put(
          key,
          current
              ? new Held(merged, held.created, 0)
              : new Held(held.position, held.created, merged));
      return;
    }
    KeyIndex.Moved moved = index.move(key.low(), key.high(), from, to);
    if (from == held.position) {
      assertThat(moved).isEqualTo(KeyIndex.Moved.RECORD);
      model.put(key, new Held(to, held.created, held.value));
    } else if (from == held.value) {
      assertThat(moved).isEqualTo(KeyIndex.Moved.VALUE);
      model.put(key, new Held(held.position, held.created, to));
    } else {
      assertThat(moved).isEqualTo(KeyIndex.Moved.NOTHING);
      return;
    }
    live.positions.add(to);
  }

  /** Keys of one partition, which fill many tables there. */
  private static Fingerprint inOnePartition(int number) {
    long bits = number * 0x9e37_79b9_7f4a_7c15L;
    return key(bits & ~63, number);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10_000, 64 * 20_000, 64 * 100_000})
  void itIsAMapHoweverManyKeysAPartitionHasAndHoweverManyWereExpected(int expected) {
    int count = 50_000;
    KeyIndex index = new KeyIndex(new Live());
    index.reserve(expected);
    for (int i = 0; i < count; i++) {
      assertThat(index.put(inOnePartition(i), i, 1 + i)).isZero();
      if (i % 3 == 0) {
        assertThat(index.remove(inOnePartition(i))).isEqualTo(1 + i);
      }
    }
    index.trim();
    for (int i = 0; i < count; i++) {
      KeyIndex.Slot slot = i % 3 == 0 ? null : new KeyIndex.Slot(1 + i, i);
      assertThat(index.lookup(inOnePartition(i))).isEqualTo(slot);
    }
    BitSet positions = new BitSet();
    index.forEach(0, position -> positions.set((int) position));
    assertThat(positions.cardinality()).isEqualTo(count - (count + 2) / 3);
    assertThat(index.size()).isEqualTo(positions.cardinality());
    for (int i = 0; i < count; i++) {
      assertThat(index.remove(inOnePartition(i))).isEqualTo(i % 3 == 0 ? 0 : 1 + i);
    }
    assertThat(index.size()).isZero();
  }

  /** Fingerprints that crowd together: few partitions, few homes, the last slot among them. */
  private static List<Fingerprint> keys(Random random) {
    long[] homes = {0, 0xffff_ffffL, 0xffff_fff0L, 0x7fff_ffffL, 0x8000_0000L};
    List<Fingerprint> keys = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      long home =
          random.nextBoolean()
              ? homes[random.nextInt(homes.length)]
              : random.nextInt() & 0xffff_ffffL;
      long low = home << 32 | random.nextInt(3) << 6 | random.nextInt(2);
      Fingerprint key = key(low, random.nextInt(40));
      if (!keys.contains(key)) {
        keys.add(key);
      }
    }
    return keys;
  }

  /** Positions tell the number of their key, and how often it has been moved. */
  private static long position(int number, int version) {
    return (long) number << 40 | (long) version << 1 | 1;
  }

  private static Fingerprint raceKey(int number) {
    return key((number * 0x9e37_79b9L) << 32, number);
  }

  @Test
  void readersMeetOnlyPositionsThatWereThereWhileOneWriterMovesRemovesAndGrows() throws Exception {
    int kept = 64;
    int coming = 300;
    KeyIndex index = new KeyIndex(new Live());
    for (int i = 0; i < kept; i++) {
      index.put(raceKey(i), i, position(i, 0));
    }
    AtomicBoolean done = new AtomicBoolean();
    List<FutureTask<Long>> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      FutureTask<Long> reader = new FutureTask<>(() -> read(index, kept, coming, done));
      readers.add(reader);
      new Thread(reader).start();
    }
    Random random = new Random(1);
    for (int i = kept; i < 1_000_000; i++) {
      int other = kept + random.nextInt(coming - kept);
      if (index.put(raceKey(other), other, position(other, 0)) != 0) {
        index.remove(raceKey(other));
      }
      int moved = i % kept;
      int version = i / kept;
      Fingerprint key = raceKey(moved);
      if (index.move(key.low(), key.high(), position(moved, version - 1), position(moved, version))
          != KeyIndex.Moved.RECORD) {
        throw new AssertionError("key " + moved + " is not at version " + (version - 1));
      }
    }
    done.set(true);
    for (FutureTask<Long> reader : readers) {
      assertThat(reader.get()).isPositive();
    }
  }

  private static long read(KeyIndex index, int kept, int coming, AtomicBoolean done) {
    Random random = new Random();
    int[] versions = new int[kept];
    long reads = 0;
    do {
      int number = random.nextInt(kept);
      long position = index.find(raceKey(number));
      int version = (int) (position >>> 1) & 0xffff;
      assertThat(position).isEqualTo(position(number, version));
      assertThat(version).isGreaterThanOrEqualTo(versions[number]);
      versions[number] = version;
      int mayBeThere = kept + random.nextInt(coming - kept);
      assertThat(index.find(raceKey(mayBeThere))).isIn(0L, position(mayBeThere, 0));
      reads++;
    } while (!done.get());
    return reads;
  }
}
