package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Texts in objects, and objects that are damaged. */
class ObjectWriterTest {
  private final Managers managers = new Managers();
  private final Cache<Object, Object> cache =
      Managers.plain(managers.open("nadb:mem:ObjectWriterTest"), "c");
  private final KeyValueStore store = cache.unwrap(KeyValueStore.class);

  @AfterEach
  void close() {
    managers.close();
  }

  @Test
  void textsOfAnyLengthAndAnyCharactersComeBack() {
    List<String> texts = new ArrayList<>(List.of("", "\0", "\0000", "\0x", "\0" + "1".repeat(40)));
    for (int length : new int[] {1, 31, 32, 33, 1000, 70_000}) {
      for (String character : List.of("x", "\u00e9", "\u20ac", "\ud83d\ude00", "\udc00", "?")) {
        texts.add(character.repeat(length));
      }
    }
    cache.put("k", texts);
    assertThat(cache.get("k")).isEqualTo(texts);
  }

  @Test
  void aTextThatIsMetTwiceIsOneObject() {
    String text = "long ".repeat(100);
    cache.put("k", new ArrayList<>(List.of(text, "other ".repeat(100), text)));
    List<?> read = (List<?>) Objects.requireNonNull(cache.get("k"));
    assertThat(read.get(2)).isEqualTo(text).isSameAs(read.get(0));
    assertThat(store.get("s:k").orElseThrow()).hasSizeLessThan(1500);
  }

  @Test
  void anObjectMayHaveManyTexts() {
    List<String> texts =
        IntStream.range(0, 70_000)
            .mapToObj(i -> "\0" + i)
            .collect(ArrayList::new, List::add, List::addAll);
    cache.put("k", texts);
    assertThat(cache.get("k")).isEqualTo(texts);
  }

  @Test
  void anObjectThatIsCutOffAnywhereIsMissing() {
    cache.put("k", List.of("short", "long ".repeat(10), "\u20ac".repeat(32)));
    byte[] whole = store.get("s:k").orElseThrow();
    for (int length = 5; length < whole.length; length++) {
      store.set("s:k", Arrays.copyOf(whole, length));
      assertThat(cache.get("k")).as("%d bytes", length).isNull();
    }
  }

  /** A length that no bytes could fill is refused by the limits. */
  @Test
  void anObjectThatIsDamagedAnywhereIsReadMissingOrRefused() {
    cache.put("k", List.of("short", "\0 ".repeat(4)));
    byte[] whole = store.get("s:k").orElseThrow();
    for (int i = 5; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) 0x80;
      store.set("s:k", damaged);
      assertThat(read()).as("byte %d", i).isInstanceOfAny(List.class, byte[].class, String.class);
    }
  }

  private Object read() {
    try {
      return Objects.requireNonNullElse(cache.get("k"), "missing");
    } catch (CacheException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
