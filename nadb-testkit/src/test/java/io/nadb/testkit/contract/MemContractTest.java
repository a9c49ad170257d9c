package io.nadb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * {@code nadb:mem:} keeps the contract, except that it keeps nothing when it is closed. In a class
 * of its own, since a build in which tests are skipped on purpose hides those that are not.
 */
class MemContractTest {

  static class Mem extends StoreContract {

    @Override
    protected String url() {
      return "nadb:mem:{dir}";
    }

    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.of(Capability.TTL, Capability.TAGS, Capability.BUFFER);
    }
  }

  @Test
  void everythingHoldsThatDoesNotOutliveTheProcess() {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(Mem.class))
            .execute()
            .testEvents();

    assertThat(names(tests.failed())).isEmpty();
    assertThat(names(tests.aborted()))
        .containsExactlyInAnyOrder(
            "everythingIsThereAfterAStop()",
            "aKillTakesTheBufferOnly()",
            "aPowerCutTakesTheBufferOnly()",
            "aTornFlushLeavesNothingOfItself()");
    assertThat(tests.succeeded().count()).isGreaterThan(25);
  }

  private static List<String> names(Events events) {
    return events.stream().map(event -> event.getTestDescriptor().getDisplayName()).toList();
  }
}
