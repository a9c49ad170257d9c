package io.nadb.testkit;

import io.nadb.KeyValueStore;
import io.nadb.spi.DriverContext;
import io.nadb.spi.ForwardingContext;
import io.nadb.spi.ForwardingDriver;
import io.nadb.spi.NadbDriver;
import java.util.List;
import java.util.ServiceLoader;

/** {@code nadb:broken:<path>}: an fs store with a defect. */
final class BrokenDriver extends ForwardingDriver {
  private final Defect defect;

  BrokenDriver(Defect defect) {
    super(
        ServiceLoader.load(NadbDriver.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(driver -> driver.scheme().equals("fs"))
            .findFirst()
            .orElseThrow());
    this.defect = defect;
  }

  /** What is wrong with it. */
  enum Defect {
    NONE,
    FORGETS_DELETIONS,
    FORGETS_TAGS,
    FORGETS_TTL,
    FORGETS_CREATION,
    FORGETS_SYNC,
    APPLIES_HALF,
    MIXES_NAMESPACES,
    TRUNCATES_VALUES,
    LOSES_EMPTY_VALUES,
    SHARES_ARRAYS,
    MISTAKES_SIZES,
    IGNORES_CASE,
    IGNORES_PREFIXES,
    WANTS_ANY_TAG,
    MISCOUNTS_TAGS,
    FINDS_NOTHING_EXPIRED,
    SWEEPS_EVERY_NAMESPACE,
    LISTS_NOTHING,
    TELLS_NO_CUTS
  }

  @Override
  public String scheme() {
    return "broken";
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    return super.open(new BrokenContext(context, defect));
  }

  private static final class BrokenContext extends ForwardingContext {
    private final Defect defect;

    BrokenContext(DriverContext real, Defect defect) {
      super(real);
      this.defect = defect;
    }

    @Override
    public KeyValueStore openStore(
        String location, List<String> credentials, BackendFactory backend) {
      return super.openStore(
          location, credentials, () -> new BrokenBackend(backend.open(), defect));
    }
  }
}
