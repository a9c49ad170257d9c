package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several keys loaded at once, while somebody else has some of them. */
class LoadAllTest {
  private static final String URL = "nadb:mem:LoadAllTest";

  private final Managers managers = new Managers();
  private final Cache<String, String> other = Managers.plain(managers.openAnother(URL), "c");
  private final Set<String> asked = new TreeSet<>();

  @AfterEach
  void close() {
    managers.close();
  }

  /** Has the other manager put a key while it loads. */
  private Cache<String, String> loading() {
    CacheLoader<String, String> loader =
        new CacheLoader<>() {
          @Override
          public String load(String key) {
            return "loaded";
          }

          @Override
          public Map<String, String> loadAll(Iterable<? extends String> keys) {
            keys.forEach(asked::add);
            other.put("k", "put");
            return Map.of("k", "loaded", "l", "loaded");
          }
        };
    return managers
        .open(URL)
        .createCache(
            "c",
            new MutableConfiguration<String, String>()
                .setReadThrough(true)
                .setCacheLoaderFactory(() -> loader));
  }

  @Test
  void whatWasPutMeanwhileStays() {
    assertThat(loading().getAll(Set.of("k", "l")))
        .containsOnly(Map.entry("k", "put"), Map.entry("l", "loaded"));
    assertThat(other.get("k")).isEqualTo("put");
  }

  @Test
  void whatIsThereIsNotAskedFor() throws Exception {
    Cache<String, String> cache = loading();
    other.put("k", "there");
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(Set.of("k", "l"), false, done);
    done.get();

    assertThat(asked).containsExactly("l");
  }
}
