package io.nadb.internal.driver;

import io.nadb.Driver;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.OptionDescription;
import io.nadb.StoreRegistry;
import io.nadb.SyncStatus;
import io.nadb.TimeSource;
import io.nadb.internal.driver.OpenStores.Opening;
import io.nadb.internal.store.EngineSettings;
import io.nadb.internal.store.StoreEngine;
import io.nadb.internal.sync.KeyValueSync;
import io.nadb.internal.url.OptionValues;
import io.nadb.internal.url.ParsedUrl;
import io.nadb.internal.url.StandardOptions;
import io.nadb.internal.url.UrlParser;
import io.nadb.spi.DriverContext;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.NadbUrl;
import io.nadb.spi.Option;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A registry: from a URL to a driver to a store, with one sync thread for all of them. */
final class NadbRegistry implements StoreRegistry {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final TimeSource time;
  private final StorageIo io;
  private final KeyValueSync sync;
  private final DriverLookup drivers = new DriverLookup();
  private final OpenStores stores = new OpenStores();
  private volatile boolean closed;

  NadbRegistry(TimeSource time, StorageIo io) {
    this.time = Objects.requireNonNull(time, "time");
    this.io = Objects.requireNonNull(io, "io");
    this.sync = new KeyValueSync(time, "nadb-sync-" + NUMBERS.incrementAndGet());
  }

  @Override
  public KeyValueStore open(String url, Map<String, String> options) {
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(options, "options");
    ParsedUrl parsed = UrlParser.parse(url);
    checkOpen(parsed);
    NadbDriver driver = drivers.driverFor(parsed.scheme(), parsed);
    KeyValueStore store = driver.open(new Context(resolve(parsed, options, driver)));
    if (closed) {
      store.close(); // The registry was closed while this was opening.
      checkOpen(parsed);
    }
    return store;
  }

  private void checkOpen(ParsedUrl url) {
    if (closed) {
      throw new IllegalStateException("the registry is closed; it can't open " + url);
    }
  }

  /** Checks the options against the driver's own and, unless it declines them, the common ones. */
  private static OptionValues resolve(ParsedUrl url, Map<String, String> given, NadbDriver driver) {
    List<Option<?>> accepted = new ArrayList<>();
    if (driver.acceptsCommonOptions()) {
      accepted.addAll(StandardOptions.COMMON);
    }
    accepted.addAll(driver.options());
    return OptionValues.resolve(url, given, accepted);
  }

  @Override
  public void registerDriver(Driver driver) {
    drivers.register(driver);
  }

  @Override
  public void deregisterDriver(Driver driver) {
    drivers.deregister(driver);
  }

  @Override
  public List<Driver> drivers() {
    return drivers.drivers();
  }

  @Override
  public List<OptionDescription> describe(String url) {
    ParsedUrl parsed = UrlParser.parse(Objects.requireNonNull(url, "url"));
    NadbDriver driver = drivers.driverFor(parsed.scheme(), parsed);
    return resolve(parsed, Map.of(), driver).describe();
  }

  @Override
  public SyncStatus status() {
    return sync.status();
  }

  @Override
  public void close() {
    closed = true;
    stores.closeAll();
  }

  /** Ends all stores as a crash of the process would: nothing is flushed. */
  void discard() {
    closed = true;
    stores.discardAll();
  }

  /** What a driver is given for one opening. */
  private final class Context implements DriverContext {
    private final OptionValues options;

    Context(OptionValues options) {
      this.options = options;
    }

    @Override
    public NadbUrl url() {
      return options.url();
    }

    @Override
    public <T> T option(Option<T> option) {
      return options.get(option);
    }

    @Override
    public TimeSource time() {
      return time;
    }

    @Override
    public StorageIo io() {
      return io;
    }

    @Override
    public StoreRegistry registry() {
      return NadbRegistry.this;
    }

    @Override
    public KeyValueStore openStore(String location, BackendFactory backend) {
      String scheme = url().scheme();
      String place = scheme + ":" + location;
      SortedMap<String, String> settings = options.settings();
      settings.remove(StandardOptions.NAMESPACE.name());
      Opening opening =
          new Opening(
              place,
              option(StandardOptions.NAMESPACE),
              url().toString(),
              settings,
              option(StandardOptions.SHUTDOWN));
      return stores.open(opening, () -> engine(place, engineSettings(scheme, location), backend));
    }

    private EngineSettings engineSettings(String scheme, String location) {
      return new EngineSettings(
          option(StandardOptions.NAME).orElseGet(() -> StoreNames.derive(scheme, location)),
          option(StandardOptions.BUFFER),
          option(StandardOptions.FLUSH),
          option(StandardOptions.SWEEP),
          option(StandardOptions.DURABILITY),
          option(StandardOptions.WRITE_TIMEOUT));
    }

    private StoreEngine engine(String place, EngineSettings settings, BackendFactory factory) {
      StorageBackend backend;
      try {
        backend = factory.open();
      } catch (IOException e) {
        throw new NadbException("can't open " + place + ": " + Failures.describe(e), e);
      }
      try {
        return new StoreEngine(settings, time, sync, backend);
      } catch (RuntimeException | Error e) {
        try {
          backend.close();
        } catch (IOException suppressed) {
          e.addSuppressed(suppressed);
        }
        throw e;
      }
    }
  }
}
