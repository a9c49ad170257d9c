package io.nadb.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are stored as they are. */
class PlainValueTest {
  private final Codec<Object> codec =
      SerializationCodec.of(Object.class, getClass().getClassLoader());

  private Object copy(Object value) throws Exception {
    return codec.decode(codec.encode(value));
  }

  @Test
  void comeBackAsTheyWere() throws Exception {
    List<Object> values =
        List.of(
            "",
            "text",
            "\u00e9\u20ac\ud83d\ude00",
            "half \ud800",
            "?\udc00",
            0,
            -1,
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            -0.0,
            Double.NaN,
            true,
            false,
            1.5f,
            (short) 1,
            'c');
    for (Object value : values) {
      assertThat(copy(value)).isEqualTo(value).hasSameClassAs(value);
    }
  }

  @Test
  void bytesAreCopiedInAndOut() throws Exception {
    for (byte[] bytes : new byte[][] {{}, {1}, new byte[10_000]}) {
      byte[] written = codec.encode(bytes);
      byte[] read = (byte[]) codec.decode(written);
      assertThat(read).isEqualTo(bytes).isNotSameAs(bytes);
      assertThat(codec.decode(written)).isNotSameAs(read);
    }
  }

  @Test
  void takeALetterAndTheirBytes() throws Exception {
    assertThat(codec.encode("v\u00e9")).isEqualTo("sv\u00e9".getBytes(UTF_8));
    assertThat(codec.encode(new byte[] {7, 8})).containsExactly('b', 7, 8);
  }

  /** As whoever serializes them without this library writes them. */
  @Test
  void areReadFromAStreamOfJavaAsWell() throws Exception {
    for (Object value : List.of("text", 1, List.of("a", 2))) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(value);
      }
      assertThat(codec.decode(bytes.toByteArray())).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "i123", "i12345", "l1234567", "d123456789", "z", "z12", "?", "\u00ac"})
  void thatAreCutOffOrUnknownAreErrors(String bytes) {
    assertThatThrownBy(() -> codec.decode(bytes.getBytes(ISO_8859_1)))
        .isInstanceOf(IOException.class);
  }
}
