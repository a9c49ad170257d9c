package io.nadb.spring.cache;

import static io.nadb.spring.cache.Hits.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.codec.Codec;
import io.nadb.junit.NadbStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;

/** What Spring's annotations don't call, but whoever asks the resolver for a cache may. */
class TaggingCacheTest {
  @NadbStore private KeyValueStore store;

  @Test
  void theCacheDoesWhatIsAskedAndEveryPutIsTagged() {
    NadbCache cache = new NadbCache("c", store, NadbCacheSettings.of(Codec.strings()));
    Cache tagging = new TaggingCache(cache, value -> List.of("of " + value));
    tagging.put("a", "1");
    assertThat(tagging.putIfAbsent("b", "1")).isNull();
    assertThat(value(tagging.putIfAbsent("b", "2"))).isEqualTo("1");
    assertThat(store.queryByTags("of 1")).hasSize(2);

    assertThat(tagging.getName()).isEqualTo("c");
    assertThat(tagging.getNativeCache()).isSameAs(store);
    assertThat(tagging.evictIfPresent("a")).isTrue();
    assertThat(tagging.evictIfPresent("a")).isFalse();
    assertThat(tagging.invalidate()).isTrue();
    assertThat(tagging.invalidate()).isFalse();
  }
}
