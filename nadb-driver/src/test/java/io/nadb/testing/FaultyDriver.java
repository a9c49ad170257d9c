package io.nadb.testing;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.spi.BackendStats;
import io.nadb.spi.Cut;
import io.nadb.spi.DriverContext;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.NadbUrl;
import io.nadb.spi.Option;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageIo;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Another driver, with a backend that fails or hangs when a test says so. */
public final class FaultyDriver implements NadbDriver {
  private final NadbDriver driver;
  private final Faults faults;

  public FaultyDriver(NadbDriver driver, Faults faults) {
    this.driver = driver;
    this.faults = faults;
  }

  /** Puts faults into the driver that a registry has for a scheme. */
  public static Faults install(StoreRegistry registry, String scheme) {
    Faults faults = new Faults();
    NadbDriver real =
        registry.drivers().stream()
            .filter(driver -> driver.scheme().equals(scheme))
            .map(NadbDriver.class::cast)
            .findFirst()
            .orElseThrow();
    registry.registerDriver(new FaultyDriver(real, faults));
    return faults;
  }

  @Override
  public String scheme() {
    return driver.scheme();
  }

  @Override
  public List<Option<?>> options() {
    return driver.options();
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    return driver.open(new FaultyContext(context, faults));
  }

  private record FaultyContext(DriverContext real, Faults faults) implements DriverContext {
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
    public KeyValueStore openDirectStore(
        String location, List<String> credentials, DirectBackendFactory backend) {
      return real.openDirectStore(location, credentials, backend);
    }

    @Override
    public KeyValueStore openStore(
        String location, List<String> credentials, BackendFactory backend) {
      return real.openStore(location, credentials, () -> new FaultyBackend(backend.open(), faults));
    }
  }

  private record FaultyBackend(StorageBackend real, Faults faults) implements StorageBackend {
    @Override
    public long recoveredSequence() {
      return real.recoveredSequence();
    }

    @Override
    public void apply(Cut cut, boolean sync) throws IOException {
      faults.beforeApply();
      real.apply(cut, sync);
      faults.afterApply(cut);
    }

    @Override
    public void sync() throws IOException {
      faults.beforeApply();
      real.sync();
    }

    @Override
    public void checkLocation() throws IOException {
      real.checkLocation();
    }

    @Override
    public byte @Nullable [] value(
        String namespace, String key, java.util.function.LongSupplier now) throws IOException {
      return real.value(namespace, key, now);
    }

    @Override
    public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
      return real.entry(namespace, key);
    }

    @Override
    public void scan(String namespace, String prefix, Consumer<StoredEntry> each)
        throws IOException {
      real.scan(namespace, prefix, each);
    }

    @Override
    public List<StoredEntry> tagged(String namespace, Set<String> tags) throws IOException {
      return real.tagged(namespace, tags);
    }

    @Override
    public void eachTagged(String namespace, Consumer<StoredEntry> each) throws IOException {
      real.eachTagged(namespace, each);
    }

    @Override
    public List<ExpiredKey> expired(@Nullable String namespace, long now, int limit)
        throws IOException {
      return real.expired(namespace, now, limit);
    }

    @Override
    public boolean maintain(boolean idle) throws IOException {
      return real.maintain(idle);
    }

    @Override
    public long earliestExpiry() {
      return real.earliestExpiry();
    }

    @Override
    public void rest() {
      real.rest();
    }

    @Override
    public long resumesAt() {
      return real.resumesAt();
    }

    @Override
    public BackendStats stats() {
      return real.stats();
    }

    @Override
    public void close() throws IOException {
      real.close();
      faults.afterClose();
    }
  }
}
