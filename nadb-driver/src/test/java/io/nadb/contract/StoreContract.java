package io.nadb.contract;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testing.ManualTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What a store does whatever its backend is; a subject each interface. */
abstract class StoreContract
    implements SetContract,
        BadInputContract,
        CreationContract,
        TtlContract,
        SweepContract,
        ListingContract,
        TagContract,
        OneMomentContract,
        NamespaceContract,
        FlushContract,
        DurabilityContract {
  private final ManualTime time = new ManualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final Faults faults;
  private @Nullable KeyValueStore store;

  StoreContract(String scheme) {
    faults = FaultyDriver.install(registry, scheme);
  }

  @AfterEach
  void close() {
    faults.heal();
    faults.whileAnswering(() -> {});
    faults.release();
    registry.close();
  }

  @Override
  public ManualTime time() {
    return time;
  }

  @Override
  public StoreRegistry registry() {
    return registry;
  }

  @Override
  public Faults faults() {
    return faults;
  }

  @Override
  public KeyValueStore store() {
    KeyValueStore open = store;
    if (open == null) {
      open = open("flush=off&sweep=off");
      store = open;
    }
    return open;
  }
}
