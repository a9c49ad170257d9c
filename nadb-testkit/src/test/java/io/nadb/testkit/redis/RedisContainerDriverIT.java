package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.NadbException;
import io.nadb.NadbUrlException;
import io.nadb.StoreRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code nadb:tc:redis:}. */
class RedisContainerDriverIT {

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
  void anImageThatCannotBeHadIsNamed() {
    NadbRedisContainer.assumeDocker();
    try (StoreRegistry registry = StoreRegistry.create()) {
      assertThatThrownBy(() -> registry.open("nadb:tc:redis:no.such.tag"))
          .isInstanceOf(NadbException.class)
          .hasMessageStartingWith("can't start a container of redis:no.such.tag: ");
    }
  }
}
