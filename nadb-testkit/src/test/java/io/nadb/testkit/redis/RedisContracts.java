package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.testkit.contract.Capability;
import io.nadb.testkit.contract.StoreContract;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * What of the contract concerns stores on servers, and whether they keep it: run as a whole, since
 * a build in which tests are skipped on purpose hides those that are not.
 */
final class RedisContracts {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /**
   * The server removes what has expired, counts no keys, and tells nothing of its own disk; it
   * decides changes and transactions, and answers reads one by one.
   */
  private static final Capability[] NEVER = {
    Capability.BUFFERED_CHANGES,
    Capability.CRASH_SAFETY,
    Capability.DURABILITY,
    Capability.KEY_COUNT,
    Capability.OPACITY,
    Capability.QUERIES,
    Capability.SNAPSHOTS,
    Capability.REMOVALS,
    Capability.SWEPT_EXPIRY
  };

  private RedisContracts() {}

  static int number() {
    return NUMBERS.incrementAndGet();
  }

  /** A database that no other store has. */
  static String fresh(String url) {
    return url
        + (url.contains("?") ? "&" : "?")
        + "db=contract-"
        + ProcessHandle.current().pid()
        + "-"
        + number();
  }

  /** Writes that go out at once. */
  abstract static class AtOnce extends StoreContract {
    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.of(
          Capability.TTL, Capability.TAGS, Capability.TRANSACTIONS, Capability.PERSISTENCE);
    }
  }

  /** A write buffer. */
  abstract static class Buffered extends StoreContract {
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

  static Set<Capability> without(Set<Capability> all, Capability one) {
    Set<Capability> others = EnumSet.copyOf(all);
    others.remove(one);
    return others;
  }

  static void assertAllBut(Class<?> contract, Capability... lacking) {
    List<Capability> missing = new ArrayList<>(List.of(NEVER));
    missing.addAll(List.of(lacking));
    assertKept(contract, StoreContract.testsThatNeed(missing.toArray(new Capability[0])));
  }

  private static void assertKept(Class<?> contract, List<String> notApplicable) {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(contract))
            .execute()
            .testEvents();

    tests.failed().debug(System.out);
    assertThat(names(tests.failed())).isEmpty();
    assertThat(names(tests.aborted())).containsExactlyInAnyOrderElementsOf(notApplicable);
    assertThat(tests.succeeded().count()).isGreaterThan(65);
  }

  private static List<String> names(Events events) {
    return events.stream().map(event -> event.getTestDescriptor().getDisplayName()).toList();
  }
}
