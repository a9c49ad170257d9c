package io.nadb.internal.log.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.log.format.KeyHasher.Fingerprint;
import io.nadb.internal.log.format.Position;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyIndexTest {
  private static final KeyIndex.Slot ABSENT = new KeyIndex.Slot(0, 0);

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
    KeyIndex index = new KeyIndex(outdated -> {});
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
      KeyIndex index = new KeyIndex(outdated -> {});
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
    KeyIndex index = new KeyIndex(outdated -> {});
    index.put(key(1, 2), -86_400_000, 3);
    assertThat(index.lookup(key(1, 2))).isEqualTo(new KeyIndex.Slot(3, -86_400_000));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void itIsAMap(long seed) {
    Random random = new Random(seed);
    List<Fingerprint> keys = keys(random);
    Map<Fingerprint, KeyIndex.Slot> model = new HashMap<>();
    KeyIndex index = new KeyIndex(outdated -> {});
    for (int step = 0; step < 200_000; step++) {
      // Waves, so that the table fills, and empties again.
      boolean fills = step / 20_000 % 2 == 0;
      Fingerprint key = keys.get(random.nextInt(keys.size()));
      KeyIndex.Slot before = model.getOrDefault(key, ABSENT);
      long position = random.nextLong() | 1;
      int dice = random.nextInt(10);
      if (dice == 0) {
        long from = random.nextBoolean() ? before.position() : random.nextLong() | 1;
        boolean moved = index.move(key.low(), key.high(), from, movedTo(position, before));
        assertThat(moved).isEqualTo(from != 0 && from == before.position());
        if (moved) {
          model.put(key, new KeyIndex.Slot(movedTo(position, before), before.created()));
        }
      } else if (dice < 7 == fills) {
        long created = (random.nextLong() << 16) >> 16;
        assertThat(index.put(key, created, position)).isEqualTo(before.position());
        model.put(key, new KeyIndex.Slot(position, created));
      } else {
        assertThat(index.remove(key)).isEqualTo(before.position());
        model.remove(key);
      }
      Fingerprint other = keys.get(random.nextInt(keys.size()));
      assertThat(index.find(other)).isEqualTo(model.getOrDefault(other, ABSENT).position());
      assertThat(index.lookup(other)).isEqualTo(model.get(other));
      if (step % 1000 == 0) {
        assertThat(index.size()).isEqualTo(model.size());
        assertThat(index.hasExpiring())
            .isEqualTo(model.values().stream().anyMatch(slot -> Position.hasTtl(slot.position())));
      }
    }
    for (Fingerprint key : keys) {
      assertThat(index.remove(key)).isEqualTo(model.getOrDefault(key, ABSENT).position());
    }
    assertThat(index.size()).isZero();
    assertThat(index.hasExpiring()).isFalse();
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
    KeyIndex index = new KeyIndex(outdated -> {});
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

  /** Moving a record changes where it is, and not whether it has a TTL. */
  private static long movedTo(long position, KeyIndex.Slot before) {
    return Position.hasTtl(position) == Position.hasTtl(before.position())
        ? position
        : Position.withHandle(before.position(), 7);
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
    KeyIndex index = new KeyIndex(outdated -> {});
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
      if (!index.move(
          key.low(), key.high(), position(moved, version - 1), position(moved, version))) {
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
