package io.nadb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * Runs contracts of which a part does not apply, apart from the build's own tests: a build in which
 * tests are skipped on purpose hides those that are not.
 */
final class Contracts {
  /** What a store can't do whose writes do not wait for a flush. */
  static final List<Capability> WITHOUT_BUFFER =
      List.of(
          Capability.BUFFER,
          Capability.BUFFERED_CHANGES,
          Capability.CRASH_SAFETY,
          Capability.DURABILITY);

  private Contracts() {}

  /** Runs a contract; nothing may fail, and exactly the tests are skipped that need these. */
  static void assertKept(Class<? extends StoreContract> contract, List<Capability> missing) {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(contract))
            .execute()
            .testEvents();

    tests.failed().debug(System.out);
    assertThat(names(tests.failed())).isEmpty();
    assertThat(names(tests.aborted()))
        .containsExactlyInAnyOrderElementsOf(
            StoreContract.testsThatNeed(missing.toArray(new Capability[0])));
    assertThat(tests.succeeded().count()).isGreaterThan(65);
  }

  private static List<String> names(Events events) {
    return events.stream().map(event -> event.getTestDescriptor().getDisplayName()).toList();
  }
}
