package io.nadb.spring.cache;

import static io.nadb.spring.cache.Hits.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.codec.Codec;
import io.nadb.junit.NadbStore;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

class TypedKeysTest {
  private static final CacheKeys KEYS = CacheKeys.typed();

  private record Place(String country, String city) {}

  private record Spot(String country, String city) {}

  @Test
  void textIsItself() {
    assertThat(KEYS.convert("user:1")).isEqualTo("user:1");
  }

  @Test
  void keysThatAreNotEqualHaveDifferentText() {
    List<Object> keys = new ArrayList<>();
    keys.addAll(List.of("", "5", "\u0001", "\u0001java.lang.Long 1:5", 5L, 5, (short) 5, 5.0, '5'));
    keys.addAll(List.of(true, "true", new BigDecimal("5"), new BigDecimal("5.0")));
    keys.addAll(List.of(DayOfWeek.MONDAY, TimeUnit.DAYS, TimeUnit.class, String.class));
    keys.addAll(List.of(LocalDate.EPOCH, LocalDate.EPOCH.toString(), new UUID(1, 2)));
    keys.add(SimpleKey.EMPTY);
    keys.add(new SimpleKey((Object) null));
    keys.add(new SimpleKey("null"));
    keys.add(new SimpleKey("a,b", "c"));
    keys.add(new SimpleKey("a", "b,c"));
    keys.add(new SimpleKey("a", "b", "c"));
    keys.add(new SimpleKey("a", new SimpleKey("b", "c")));
    keys.add(List.of("a", "b"));
    keys.add(new String[] {"a", "b"});
    keys.add(new Object[] {"a", "b"});
    keys.addAll(List.of(new Place("a,b", "c"), new Place("a", "b,c"), new Spot("a", "b,c")));
    keys.add(Arrays.asList("a", null));

    Map<String, Object> byText = new LinkedHashMap<>();
    for (Object key : keys) {
      assertThat(byText.put(KEYS.convert(key), key)).as("has the text of %s", key).isNull();
    }
  }

  @Test
  void keysThatAreEqualHaveTheSameText() {
    assertThat(KEYS.convert(new SimpleKey(new String("a"), 1)))
        .isEqualTo(KEYS.convert(new SimpleKey("a", 1)));
    assertThat(KEYS.convert(new ArrayList<>(List.of("a")))).isEqualTo(KEYS.convert(List.of("a")));
    assertThat(KEYS.convert(new Place("x", "y"))).isEqualTo(KEYS.convert(new Place("x", "y")));
  }

  @Test
  void whatIsUnknownIsRefusedWithWhatToDo(@NadbStore("nadb:mem:keys") KeyValueStore store) {
    NadbCache cache = new NadbCache("books", store, NadbCacheSettings.of(Codec.strings()));

    assertThatThrownBy(() -> cache.get(new SimpleKey("a", new Object())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cache 'books'", "java.lang.Object", "withKeys");
    assertThatThrownBy(() -> cache.get("x".repeat(65_537)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 65536");
  }

  @Test
  void anotherConversionMayBeGiven(@NadbStore("nadb:mem:keys") KeyValueStore store) {
    NadbCache cache =
        new NadbCache(
            "books", store, NadbCacheSettings.of(Codec.strings()).withKeys(key -> "book:" + key));
    cache.put(1, "v");

    assertThat(store.keys("")).containsExactly("book:1");
    assertThat(value(cache.get(1))).isEqualTo("v");
  }
}
