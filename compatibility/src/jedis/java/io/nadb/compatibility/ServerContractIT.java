package io.nadb.compatibility;

import io.nadb.testkit.contract.Capability;
import io.nadb.testkit.contract.StoreContract;
import io.nadb.testkit.redis.RedisServer;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;

/** The contract of stores, on a server with a password, with writes that go out at once. */
class ServerContractIT extends StoreContract {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final RedisServer SERVER = RedisServer.builder().password("p:w/@%").start();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Override
  protected String url() {
    return SERVER.url("db=contract-" + NUMBERS.incrementAndGet());
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.TTL, Capability.TAGS, Capability.PERSISTENCE);
  }
}
