package io.nadb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.testkit.redis.NadbRedisContainer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;

/** Containers on the version of Testcontainers that this module has. */
class ContainersIT {
  private static final String IMAGE = "redis:7.0";
  private static final byte[] VALUE = {1};

  @BeforeAll
  static void docker() {
    NadbRedisContainer.assumeDocker();
  }

  @Test
  void thisIsTheVersionThatIsMeant() {
    assertThat(GenericContainer.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .endsWith("/testcontainers-" + System.getProperty("expected.testcontainers") + ".jar");
  }

  @Test
  void aContainerWithAPasswordHoldsAStore() {
    try (NadbRedisContainer redis = new NadbRedisContainer(IMAGE).withPassword("secret")) {
      redis.start();
      try (KeyValueStore store = NadbDriverManager.open(redis.url())) {
        store.set("k", VALUE);
        assertThat(store.get("k")).contains(VALUE);
      }
    }
  }

  @Test
  void aUrlOpensAStoreOnAContainer() {
    try (KeyValueStore store = NadbDriverManager.open("nadb:tc:" + IMAGE + "?flush=1h")) {
      store.set("k", VALUE);
      store.flush();
      assertThat(store.get("k")).contains(VALUE);
    }
  }
}
