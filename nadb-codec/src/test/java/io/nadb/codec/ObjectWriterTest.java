package io.nadb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Texts in objects, and objects that are damaged. */
class ObjectWriterTest {
  private final Codec<Object> codec =
      SerializationCodec.of(Object.class, getClass().getClassLoader());

  private Object copy(Object value) throws Exception {
    return codec.decode(codec.encode(value));
  }

  @Test
  void textsOfAnyLengthAndAnyCharactersComeBack() throws Exception {
    List<String> texts = new ArrayList<>(List.of("", "\0", "\0000", "\0x", "\0" + "1".repeat(40)));
    for (int length : new int[] {1, 31, 32, 33, 1000, 70_000}) {
      for (String character : List.of("x", "\u00e9", "\u20ac", "\ud83d\ude00", "\udc00", "?")) {
        texts.add(character.repeat(length));
      }
    }
    assertThat(copy(texts)).isEqualTo(texts);
  }

  @Test
  void aTextThatIsMetTwiceIsOneObject() throws Exception {
    String text = "long ".repeat(100);
    byte[] written = codec.encode(new ArrayList<>(List.of(text, "other ".repeat(100), text)));
    List<?> read = (List<?>) codec.decode(written);
    assertThat(read.get(2)).isEqualTo(text).isSameAs(read.get(0));
    assertThat(written).hasSizeLessThan(1500);
  }

  @Test
  void anObjectMayHaveManyTexts() throws Exception {
    List<String> texts =
        IntStream.range(0, 70_000)
            .mapToObj(i -> "\0" + i)
            .collect(ArrayList::new, List::add, List::addAll);
    assertThat(copy(texts)).isEqualTo(texts);
  }

  @Test
  void anObjectThatIsCutOffAnywhereIsAnError() throws Exception {
    byte[] whole = codec.encode(List.of("short", "long ".repeat(10), "\u20ac".repeat(32)));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> codec.decode(cut))
          .as("%d bytes", length)
          .isInstanceOf(IOException.class);
    }
  }

  /** A length that no bytes could fill is refused by the limits. */
  @Test
  void anObjectThatIsDamagedAnywhereIsReadOrAnError() throws Exception {
    byte[] whole = codec.encode(List.of("short", "\0 ".repeat(4)));
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) 0x80;
      assertThat(read(damaged))
          .as("byte %d", i)
          .isInstanceOfAny(List.class, byte[].class, Exception.class);
    }
  }

  private Object read(byte[] bytes) {
    try {
      return codec.decode(bytes);
    } catch (Exception e) {
      return e;
    }
  }
}
