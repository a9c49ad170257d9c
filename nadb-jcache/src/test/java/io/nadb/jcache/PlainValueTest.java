package io.nadb.jcache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.List;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are stored as they are. */
class PlainValueTest {
  private final Managers managers = new Managers();
  private final Cache<Object, Object> cache =
      Managers.plain(managers.open("nadb:mem:PlainValueTest"), "c");
  private final KeyValueStore store = cache.unwrap(KeyValueStore.class);

  @AfterEach
  void close() {
    managers.close();
  }

  @Test
  void comeBackAsTheyWere() {
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
      cache.put("k", value);
      assertThat(cache.get("k")).isEqualTo(value).hasSameClassAs(value);
    }
  }

  @Test
  void bytesAreCopiedInAndOut() {
    for (byte[] bytes : new byte[][] {{}, {1}, new byte[10_000]}) {
      cache.put("k", bytes);
      byte[] read = (byte[]) cache.get("k");
      assertThat(read).isEqualTo(bytes).isNotSameAs(bytes);
      assertThat(cache.get("k")).isNotSameAs(read);
    }
  }

  @Test
  void takeALetterAndTheirBytes() {
    cache.put("k", "v\u00e9");
    assertThat(store.get("s:k").orElseThrow()).isEqualTo("\u0004javasv\u00e9".getBytes(UTF_8));
    cache.put("k", new byte[] {7, 8});
    assertThat(store.get("s:k").orElseThrow()).containsExactly(4, 'j', 'a', 'v', 'a', 'b', 7, 8);
  }

  /** As caches wrote them before they had letters, and descriptions of classes. */
  @Test
  void areReadFromAStreamOfJavaAsWell() throws IOException {
    for (Object value : List.of("text", 1, List.of("a", 2))) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.write(new byte[] {4, 'j', 'a', 'v', 'a'});
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(value);
      }
      store.set("s:k", bytes.toByteArray());
      assertThat(cache.get("k")).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"i123", "i12345", "l1234567", "d123456789", "z", "z12", "?", "\u00ac"})
  void thatAreCutOffOrUnknownAreMissing(String bytes) {
    store.set("s:k", ("\u0004java" + bytes).getBytes(ISO_8859_1));
    assertThat(cache.get("k")).isNull();
    assertThat(store.contains("s:k")).isFalse();
  }
}
