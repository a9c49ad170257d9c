package io.nadb.internal.codec;

import static io.nadb.testing.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class CodecTest {

  /** As many bytes of noise, followed by zeros. */
  private static byte[] value(int noise, int length) {
    return Arrays.copyOf(random(noise), length);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void whatIsCompressedComesBack(Codec codec) throws IOException {
    for (int length : new int[] {64, 65, 1000, 100_000, 3_000_000}) {
      byte[] value = value(length / 3, length);
      byte[] stored = codec.shrink(value);
      assertThat(stored.length).isLessThan(value.length);
      assertThat(codec.decompress(stored, length)).isEqualTo(value);
      assertThat(Codec.of(codec.id())).isSameAs(codec);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatDoesNotBecomeSmallerIsKeptAsItIs(Codec codec) {
    for (int length : new int[] {0, 1, 63, 64, 1000, 100_000}) {
      byte[] value = random(length);
      assertThat(codec.shrink(value)).isSameAs(value);
    }
  }

  /** A compressed value's record has four bytes more: the length of the value. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void whatSavesNothingInTheEndIsKeptAsItIs(Codec codec) {
    int kept = 0;
    for (int noise = 1; noise < 200; noise++) {
      byte[] value = value(noise, 200);
      byte[] smaller = codec.compress(value);
      byte[] stored = codec.shrink(value);
      if (smaller.length + 4 < 200) {
        assertThat(stored).isEqualTo(smaller);
      } else {
        assertThat(stored).isSameAs(value);
        kept++;
      }
    }
    assertThat(kept).isPositive();
  }

  @Test
  void valuesTooShortToBeWorthItAreNotTried() {
    byte[] value = new byte[63];
    assertThat(Codec.ZLIB.shrink(value)).isSameAs(value);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void anotherLengthThanTheRecordSaysIsAnError(Codec codec) {
    byte[] stored = codec.shrink(value(100, 1000));
    assertThatThrownBy(() -> codec.decompress(stored, 1001))
        .isInstanceOf(IOException.class)
        .hasMessage("it has 1000 bytes instead of 1001");
  }

  @Test
  void anUnknownCodecIsAnError() {
    for (int id : new int[] {-1, 3, 127}) {
      assertThatThrownBy(() -> Codec.of(id))
          .isInstanceOf(IOException.class)
          .hasMessage("its codec " + id + " is not known");
    }
  }
}
