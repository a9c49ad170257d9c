package io.nadb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code nadb:mem:} keeps the contract, except that it keeps nothing when it is closed. */
class MemContractTest {
  private static final List<Capability> MISSING =
      List.of(Capability.PERSISTENCE, Capability.CRASH_SAFETY);

  static class Mem extends StoreContract {
    @Override
    protected String url() {
      return "nadb:mem:{dir}";
    }

    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.complementOf(EnumSet.copyOf(MISSING));
    }
  }

  static class Asynchronous extends Mem {
    @Override
    protected boolean callsAsynchronously() {
      return true;
    }
  }

  @Test
  void itHoldsForWhoDoesNotWaitToo() {
    Contracts.assertKept(Asynchronous.class, MISSING);
  }

  @Test
  void everythingHoldsThatDoesNotOutliveTheProcess() {
    Contracts.assertKept(Mem.class, MISSING);
  }

  @Test
  void whatItHoldsIsGoneWithTheLastHandle() {
    try (StoreRegistry registry = StoreRegistry.create(new VirtualTime())) {
      try (KeyValueStore first = registry.open("nadb:mem:a")) {
        first.set("k", new byte[1]);
        registry.open("nadb:mem:a").close();
        assertThat(first.contains("k")).isTrue();
      }
      try (KeyValueStore again = registry.open("nadb:mem:a")) {
        assertThat(again.keys("")).isEmpty();
      }
    }
  }
}
