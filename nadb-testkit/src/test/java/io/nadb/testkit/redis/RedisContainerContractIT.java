package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.testkit.contract.Capability;
import io.nadb.testkit.contract.StoreContract;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** {@code nadb:tc:redis:} keeps the contract of stores, with writes at once and with a buffer. */
class RedisContainerContractIT {

  static class AtOnce extends StoreContract {
    @Override
    protected String url() {
      return "nadb:tc:redis:7.0?db=" + UUID.randomUUID();
    }

    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.of(
          Capability.TTL, Capability.TAGS, Capability.TRANSACTIONS, Capability.PERSISTENCE);
    }
  }

  static class Buffered extends StoreContract {
    @Override
    protected String url() {
      return "nadb:tc:redis:7.0?buffer=1mb&db=" + UUID.randomUUID();
    }

    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.of(
          Capability.TTL,
          Capability.TAGS,
          Capability.BUFFER,
          Capability.TRANSACTIONS,
          Capability.PERSISTENCE);
    }
  }

  @BeforeAll
  static void docker() {
    NadbRedisContainer.assumeDocker();
  }

  @Test
  void aContainerKeepsIt() {
    Events tests = run(AtOnce.class);

    assertThat(names(tests.failed())).isEmpty();
    assertThat(tests.succeeded().count()).isGreaterThan(65);
  }

  @Test
  void aContainerWithABufferKeepsIt() {
    Events tests = run(Buffered.class);

    assertThat(names(tests.failed())).isEmpty();
    assertThat(names(tests.aborted()))
        .containsExactlyInAnyOrderElementsOf(
            StoreContract.testsThatNeed(
                Capability.BUFFERED_CHANGES,
                Capability.CRASH_SAFETY,
                Capability.DURABILITY,
                Capability.KEY_COUNT,
                Capability.OPACITY,
                Capability.QUERIES,
                Capability.SNAPSHOTS,
                Capability.REMOVALS,
                Capability.SWEPT_EXPIRY));
  }

  private static Events run(Class<?> contract) {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(contract))
            .execute()
            .testEvents();
    tests.failed().debug(System.out);
    return tests;
  }

  private static List<String> names(Events events) {
    return events.stream().map(event -> event.getTestDescriptor().getDisplayName()).toList();
  }
}
