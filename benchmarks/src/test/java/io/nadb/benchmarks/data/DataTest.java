package io.nadb.benchmarks.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataTest {

  @Test
  void keysAreOfOneLengthAndDistinct() {
    assertThat(IntStream.range(0, 50_000).mapToObj(Keys::of).distinct().count()).isEqualTo(50_000);
    assertThat(Keys.of(7)).hasSize(Keys.LENGTH).matches("k[0-9a-v]{13}");
  }

  @Test
  void aValueTellsItsVersion() {
    Values values = new Values(100);
    for (int version = 0; version <= Values.MAX_VERSION; version++) {
      assertThat(values.version(12, values.of(12, version).clone())).isEqualTo(version);
    }
  }

  @Test
  void theValueOfAnotherKeyIsFoundOut() {
    Values values = new Values(100);
    assertThatThrownBy(() -> values.version(1, values.of(2, 0)))
        .hasMessageContaining("the value of another");
  }

  @Test
  void aSingleWrongByteIsFoundOut() {
    Values values = new Values(100);
    byte[] damaged = values.of(1, 0).clone();
    damaged[99] ^= 1;
    assertThatThrownBy(() -> values.version(1, damaged)).hasMessageContaining("never set");
    assertThatThrownBy(() -> values.version(1, new byte[0])).isInstanceOf(Exception.class);
  }

  @Test
  void zipfianRanksFollowTheirLaw() {
    int[] ranks = new Zipf(1000).draw(200_000, 1);
    double zeta = IntStream.rangeClosed(1, 1000).mapToDouble(r -> Math.pow(r, -0.99)).sum();

    assertThat(Arrays.stream(ranks).min()).hasValue(0);
    assertThat(Arrays.stream(ranks).max().orElseThrow()).isBetween(900, 999);
    assertThat(share(ranks, 0)).isBetween(0.95 / zeta, 1.05 / zeta);
    assertThat(share(ranks, 1)).isBetween(0.45 / zeta, 0.56 / zeta);
    assertThat(Arrays.stream(ranks).filter(rank -> rank < 100).count() / 200_000.0)
        .isBetween(0.6, 0.75);
  }

  private static double share(int[] ranks, int rank) {
    return Arrays.stream(ranks).filter(each -> each == rank).count() / (double) ranks.length;
  }
}
