package io.nadb.testkit;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.spi.DriverContext;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.NadbUrl;
import io.nadb.spi.Option;
import io.nadb.spi.StorageIo;
import java.util.List;
import java.util.ServiceLoader;

/** {@code nadb:broken:<path>}: an fs store with a defect. */
final class BrokenDriver implements NadbDriver {
  private final NadbDriver real =
      ServiceLoader.load(NadbDriver.class).stream()
          .map(ServiceLoader.Provider::get)
          .filter(driver -> driver.scheme().equals("fs"))
          .findFirst()
          .orElseThrow();
  private final Defect defect;

  BrokenDriver(Defect defect) {
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
    LISTS_NOTHING
  }

  @Override
  public String scheme() {
    return "broken";
  }

  @Override
  public List<Option<?>> options() {
    return real.options();
  }

  @Override
  public boolean acceptsCommonOptions() {
    return real.acceptsCommonOptions();
  }

  @Override
  public boolean writesAtOnce() {
    return real.writesAtOnce();
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    return real.open(new BrokenContext(context, defect));
  }

  private record BrokenContext(DriverContext real, Defect defect) implements DriverContext {
    @Override
    public NadbUrl url() {
      return real.url();
    }

    @Override
    public <T> T option(Option<T> option) {
      return real.option(option);
    }

    @Override
    public TimeSource time() {
      return real.time();
    }

    @Override
    public StorageIo io() {
      return real.io();
    }

    @Override
    public StoreRegistry registry() {
      return real.registry();
    }

    @Override
    public KeyValueStore openStore(
        String location, List<String> credentials, BackendFactory backend) {
      return real.openStore(location, credentials, () -> new BrokenBackend(backend.open(), defect));
    }
  }
}
