package io.nadb.spring.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionCodecTest {
  private static final SessionCodec CODEC = new SessionCodec("java");
  private static final SessionRecord SESSION =
      new SessionRecord(
          Instant.ofEpochMilli(1),
          Instant.ofEpochMilli(2),
          Duration.ofSeconds(3),
          Map.of("a", new byte[] {4}));

  @Test
  void aSessionComesBackAsItWas() throws Exception {
    SessionRecord read = CODEC.decode(CODEC.encode(SESSION));
    assertThat(read.created()).isEqualTo(SESSION.created());
    assertThat(read.accessed()).isEqualTo(SESSION.accessed());
    assertThat(read.maxInactive()).isEqualTo(SESSION.maxInactive());
    assertThat(read.attributes()).containsOnlyKeys("a").containsEntry("a", new byte[] {4});
  }

  @Test
  void attributesOfAnotherFormatAreNamed() throws Exception {
    byte[] bytes = CODEC.encode(SESSION);
    assertThatThrownBy(() -> new SessionCodec("json").decode(bytes))
        .hasMessage("the attributes have the format java, and this repository reads json");
  }

  @Test
  void whatIsTooShortOrTooLongIsNoSession() throws Exception {
    byte[] bytes = CODEC.encode(SESSION);
    assertThatThrownBy(() -> CODEC.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(EOFException.class);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> CODEC.decode(cut)).as("of %s bytes", length).isNotNull();
    }
  }
}
