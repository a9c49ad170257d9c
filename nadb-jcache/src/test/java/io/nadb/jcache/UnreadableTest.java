package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A value whose class has changed since it was written. */
class UnreadableTest {
  private final Managers managers = new Managers();

  @AfterEach
  void close() {
    managers.close();
  }

  private Cache<String, Object> cache(String unreadable) {
    Properties properties = new Properties();
    properties.setProperty("io.nadb.jcache.unreadable", unreadable);
    Cache<String, Object> cache =
        managers
            .open("nadb:mem:UnreadableTest", null, properties)
            .createCache(
                "c", new MutableConfiguration<String, Object>().setStatisticsEnabled(true));
    cache.unwrap(KeyValueStore.class).set("s:k", new byte[] {4, 'j', 'a', 'v', 'a', 1});
    return cache;
  }

  /** Whatever looks at the value. */
  static Map<String, Function<Cache<String, Object>, Object>> looks() {
    return Map.of(
        "get", cache -> cache.get("k") == null,
        "getAll", cache -> cache.getAll(Set.of("k")).isEmpty(),
        "iterator", cache -> !cache.iterator().hasNext(),
        "replace", cache -> !cache.replace("k", "v", "w"),
        "getAndReplace", cache -> cache.getAndReplace("k", "w") == null,
        "getAndRemove", cache -> cache.getAndRemove("k") == null,
        "invoke",
            cache ->
                cache.invoke(
                    "k", (entry, arguments) -> entry.getValue() == null && !entry.exists()));
  }

  static Set<Map.Entry<String, Function<Cache<String, Object>, Object>>> entries() {
    return looks().entrySet();
  }

  @ParameterizedTest
  @MethodSource("entries")
  void isMissingAndIsRemoved(Map.Entry<String, Function<Cache<String, Object>, Object>> look) {
    Cache<String, Object> cache = cache("miss");
    assertThat(look.getValue().apply(cache)).isEqualTo(true);
    assertThat(cache.unwrap(KeyValueStore.class).keys("")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("entries")
  void isAnErrorIfThatIsAskedFor(Map.Entry<String, Function<Cache<String, Object>, Object>> look) {
    Cache<String, Object> cache = cache("error");
    assertThatThrownBy(() -> look.getValue().apply(cache))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cache 'c': a value can't be read")
        .hasMessageContaining("remove the entry, or clear the cache");
    assertThat(cache.unwrap(KeyValueStore.class).keys("")).containsExactly("s:k");
  }

  @Test
  void isReplacedAndRemovedAsAnyOther() {
    Cache<String, Object> cache = cache("error");
    cache.put("k", 1);
    assertThat(cache.get("k")).isEqualTo(1);
    cache.close();
    cache = cache("error");
    assertThat(cache.remove("k")).isTrue();
  }

  @Test
  void anotherWordIsRefused() {
    assertThatThrownBy(() -> cache("ignore"))
        .isInstanceOf(CacheException.class)
        .hasMessage("the property io.nadb.jcache.unreadable is 'ignore'; expected miss or error");
  }
}
