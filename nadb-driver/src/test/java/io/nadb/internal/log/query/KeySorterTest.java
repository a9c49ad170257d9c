package io.nadb.internal.log.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySorterTest {

  private static void assertSorted(List<byte[]> keys) {
    KeySorter sorter = new KeySorter();
    for (int i = 0; i < keys.size(); i++) {
      sorter.add(keys.get(i), i);
    }
    long[] sorted = sorter.sorted();

    BitSet seen = new BitSet();
    for (long number : sorted) {
      seen.set((int) number);
    }
    assertThat(seen.cardinality()).isEqualTo(keys.size());
    assertThat(sorted).hasSize(keys.size());
    assertThat(sorter.count()).isEqualTo(keys.size());
    for (int i = 1; i < sorted.length; i++) {
      byte[] before = keys.get((int) sorted[i - 1]);
      byte[] after = keys.get((int) sorted[i]);
      if (Arrays.compareUnsigned(before, after) > 0) {
        throw new AssertionError(Arrays.toString(before) + " is before " + Arrays.toString(after));
      }
    }
  }

  @Test
  void nothingIsSorted() {
    assertThat(new KeySorter().sorted()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 11, 12, 13, 100, 100_000})
  void keysOfUsersAreSorted(int count) {
    Random random = new Random(count);
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String kind = random.nextBoolean() ? "user:" : random.nextBoolean() ? "session:" : "sé:";
      keys.add((kind + random.nextInt(count)).getBytes(UTF_8));
    }
    assertSorted(keys);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 20})
  void keysThatDifferInZerosAndInBytesBeyondAsciiAndKeysThatBeginOthersAreSorted(int longest) {
    Random random = new Random(longest);
    byte[] alphabet = {0, 0, 0, 1, 'a', 127, -128, -1};
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      byte[] key = new byte[random.nextInt(longest + 1)];
      for (int j = 0; j < key.length; j++) {
        key[j] = alphabet[random.nextInt(alphabet.length)];
      }
      keys.add(key);
    }
    assertSorted(keys);
  }

  @Test
  void keysThatEachBeginTheNextAreSorted() {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 2000; i >= 0; i--) {
      keys.add(new byte[i]);
    }
    assertSorted(keys);
  }

  @Test
  void oneKeyManyTimesIsSortedAtOnce() {
    byte[] key = "a rather long key that is written over and over again".getBytes(UTF_8);
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < KeySorter.MAX_KEYS; i++) {
      keys.add(key);
    }
    assertSorted(keys);
  }
}
