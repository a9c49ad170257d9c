package io.nadb.testkit.contract;

import io.nadb.testkit.redis.NadbRedisContainer;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;

/** {@code nadb:tc:redis:} keeps the contract. */
class RedisContainerContractIT extends StoreContract {

  @BeforeAll
  static void docker() {
    NadbRedisContainer.assumeDocker();
  }

  @Override
  protected String url() {
    return "nadb:tc:redis:7.0?db=" + UUID.randomUUID();
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.complementOf(EnumSet.of(Capability.CRASH_SAFETY));
  }
}
