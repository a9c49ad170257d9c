package io.nadb.internal.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StaleBitmapTest {
  private final StaleBitmap records = new StaleBitmap();

  @Test
  void itIsASetOfTheOffsetsOfRecordsInSegmentsOfAnyLength() {
    SplittableRandom random = new SplittableRandom(3);
    Set<Long> added = new HashSet<>();
    long last = Integer.MAX_VALUE - 7L;
    for (long offset = 0; offset <= last; offset += next(random)) {
      if (random.nextInt(3) == 0) {
        records.add(offset);
        added.add(offset);
      }
    }
    records.add(last);
    random = new SplittableRandom(3);
    for (long offset = 0; offset <= last; offset += next(random)) {
      random.nextInt(3);
      assertThat(records.contains(offset)).as("%s", offset).isEqualTo(added.contains(offset));
    }
    assertThat(records.contains(last)).isTrue();
  }

  /** The smallest record has 40 bytes; few are as large as this, else the test would take long. */
  private static int next(SplittableRandom random) {
    return random.nextInt(20) == 0 ? 8 * random.nextInt(5, 1 << 17) : 40;
  }

  @Test
  void threadsThatAddNeighboursLoseNone() {
    int count = 200_000;
    CompletableFuture<?> even = CompletableFuture.runAsync(() -> addEverySecond(0, count));
    addEverySecond(1, count);
    even.join();
    assertThat(IntStream.range(0, count).filter(i -> !records.contains(40L * i))).isEmpty();
  }

  private void addEverySecond(int first, int count) {
    for (int i = first; i < count; i += 2) {
      records.add(40L * i);
    }
  }
}
