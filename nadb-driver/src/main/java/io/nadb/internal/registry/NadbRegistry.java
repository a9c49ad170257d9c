package io.nadb.internal.registry;

import io.nadb.Driver;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.OptionDescription;
import io.nadb.StoreRegistry;
import io.nadb.SyncStatus;
import io.nadb.TimeSource;
import io.nadb.internal.driver.DriverLookup;
import io.nadb.internal.driver.LocationFailure;
import io.nadb.internal.library.EagerClasses;
import io.nadb.internal.registry.OpenStores.Opening;
import io.nadb.internal.store.BufferedEngine;
import io.nadb.internal.store.DirectEngine;
import io.nadb.internal.store.Engine;
import io.nadb.internal.store.EngineSettings;
import io.nadb.internal.store.RemovalDelivery;
import io.nadb.internal.sync.KeyValueSync;
import io.nadb.internal.url.Buffering;
import io.nadb.internal.url.OptionValues;
import io.nadb.internal.url.ParsedUrl;
import io.nadb.internal.url.StandardOptions;
import io.nadb.internal.url.UrlParser;
import io.nadb.internal.watch.Origin;
import io.nadb.internal.watch.Setting;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.spi.DirectBackend;
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
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A registry: from a URL to a driver to a store, with one sync thread for all of them. */
final class NadbRegistry implements StoreRegistry {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final TimeSource time;
  private final StorageIo io;
  private final KeyValueSync sync;
  private final RemovalDelivery delivery;
  private final DriverLookup drivers = new DriverLookup();
  private final OpenStores stores = new OpenStores();
  private volatile boolean closed;

  NadbRegistry(TimeSource time, StorageIo io) {
    this.time = Objects.requireNonNull(time, "time");
    this.io = Objects.requireNonNull(io, "io");
    EagerClasses.initialize();
    int number = NUMBERS.incrementAndGet();
    this.sync = new KeyValueSync(time, "nadb-sync-" + number);
    this.delivery = new RemovalDelivery(time, "nadb-removals-" + number);
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
      accepted.addAll(
          driver.writesAtOnce() ? StandardOptions.COMMON_DIRECT : StandardOptions.COMMON);
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
    return Buffering.of(resolve(parsed, Map.of(), driver)).describe();
  }

  @Override
  public SyncStatus status() {
    return sync.status();
  }

  @Override
  public void close() {
    closed = true;
    delivery.closing();
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
    private final Buffering buffering;

    Context(OptionValues options) {
      this.options = options;
      this.buffering = Buffering.of(options);
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
    public KeyValueStore openStore(
        String location, List<String> credentials, BackendFactory backend) {
      Optional<Long> bufferBytes = buffering.bytes();
      EngineOpener opener =
          bufferBytes.isPresent()
              ? settings -> buffered(settings, backend.open())
              : settings -> direct(settings, backend.open());
      return open(location, credentials, bufferBytes.orElse(0L), opener);
    }

    private KeyValueStore open(
        String location, List<String> credentials, long bufferBytes, EngineOpener opener) {
      String scheme = url().scheme();
      String place = scheme + ":" + location;
      SortedMap<String, String> settings = buffering.settings();
      settings.remove(StandardOptions.NAMESPACE.name());
      Opening opening =
          new Opening(
              place,
              option(StandardOptions.NAMESPACE),
              url().toString(),
              settings,
              OpenerIdentity.of(
                  Stream.concat(credentials.stream(), options.secrets().stream()).toList()),
              option(StandardOptions.SHUTDOWN));
      return stores.open(
          opening,
          () -> {
            try {
              return opener.open(engineSettings(scheme, location, bufferBytes));
            } catch (IOException e) {
              throw new NadbException(
                  "can't open " + place + ": " + LocationFailure.describe(e), e);
            }
          });
    }

    private EngineSettings engineSettings(String scheme, String location, long bufferBytes) {
      return new EngineSettings(
          option(StandardOptions.NAME).orElseGet(() -> StoreNames.derive(scheme, location)),
          bufferBytes,
          option(StandardOptions.FLUSH),
          option(StandardOptions.SWEEP),
          buffering.durability(),
          option(StandardOptions.WRITE_TIMEOUT));
    }

    private Engine buffered(EngineSettings settings, StorageBackend backend) {
      return owning(
          backend,
          () ->
              BufferedEngine.open(settings, time, sync, delivery, backend, probe(settings.name())));
    }

    private Engine direct(EngineSettings settings, StorageBackend backend) {
      return owning(
          backend,
          () -> {
            if (backend instanceof DirectBackend direct) {
              return DirectEngine.open(settings, time, sync, direct, probe(settings.name()));
            }
            throw new IllegalStateException(
                "the driver of nadb:"
                    + url().scheme()
                    + ": says that it writes at once, but "
                    + backend.getClass().getName()
                    + " is no "
                    + DirectBackend.class.getName());
          });
    }

    private StoreProbe probe(String name) {
      List<Setting> shown =
          buffering.describe().stream()
              .map(
                  each ->
                      new Setting(
                          each.name(),
                          each.value().orElse(""),
                          options.source(each.name()),
                          each.description()))
              .toList();
      String url = url().toString();
      return new StoreProbe(new Origin(name, url, shown, NadbRegistry.this, sync::status, time));
    }

    private static Engine owning(StorageBackend backend, Supplier<Engine> engine) {
      try {
        return engine.get();
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

  /** Opens an engine over a backend that it opens. */
  @FunctionalInterface
  private interface EngineOpener {
    Engine open(EngineSettings settings) throws IOException;
  }
}
