package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbUrlException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code nadb:tc:redis:}. */
class RedisContainerDriverIT {
  private static final String URL = "nadb:tc:redis:7.0";

  @ParameterizedTest
  @ValueSource(
      strings = {"nadb:tc:redis", "nadb:tc:redis:", "nadb:tc:mysql:8", "nadb:tc://redis:7"})
  void aUrlThatNamesNoImageOfRedisIsRefused(String url) {
    try (StoreRegistry registry = StoreRegistry.create()) {
      assertThatThrownBy(() -> registry.open(url))
          .isInstanceOf(NadbUrlException.class)
          .hasMessageContaining("No image of Redis after nadb:tc: in " + url)
          .hasMessageContaining("for example nadb:tc:redis:7.0");
    }
  }

  @Test
  void aUrlOpensAStoreOnAContainerThatOutlivesIt() {
    NadbRedisContainer.assumeDocker();
    String place = "db=" + UUID.randomUUID();
    String shown;
    try (KeyValueStore store = NadbDriverManager.open(URL + "?namespace=a&" + place)) {
      store.set("k", new byte[] {1}, SetOptions.tags("t"));
      shown = store.url();
      assertThat(shown).matches("nadb:redis://[^/]+:[0-9]+\\?.*").contains(place);
    }
    try (KeyValueStore store = NadbDriverManager.open(URL + "?namespace=a", options(place));
        KeyValueStore other = NadbDriverManager.open(URL + "?namespace=b&" + place)) {
      assertThat(store.get("k")).contains(new byte[] {1});
      assertThat(store.queryByTags("t")).hasSize(1);
      assertThat(other.get("k")).isEmpty();
    }
    try (KeyValueStore store = NadbDriverManager.open(shown)) {
      assertThat(store.get("k")).as("what the URL of the store itself opens").isNotEmpty();
    }
  }

  @Test
  void anOptionThatRedisDoesNotKnowIsRefused() {
    assertThatThrownBy(() -> NadbDriverManager.open(URL + "?flsh=5s"))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("Did you mean 'flush'?");
  }

  private static Map<String, String> options(String option) {
    return Map.of(option.split("=", 2)[0], option.split("=", 2)[1]);
  }
}
