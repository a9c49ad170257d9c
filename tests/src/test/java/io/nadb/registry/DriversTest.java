package io.nadb.registry;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Driver;
import io.nadb.KeyValueStore;
import io.nadb.NadbUrlException;
import io.nadb.OptionDescription;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.spi.DriverContext;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.Option;
import io.nadb.testing.TableDriver;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which driver opens a URL. */
class DriversTest {
  private static final String[] ALL = {
    "fs",
    "mem",
    "redis",
    "rediss",
    "redis-cluster",
    "rediss-cluster",
    "redis-sentinel",
    "rediss-sentinel",
    "table",
    "prefix",
    "test",
    "tc"
  };

  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  @TempDir private Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  /** A driver that someone registers by hand. */
  private record NamedDriver(String scheme) implements NadbDriver {
    @Override
    public List<Option<?>> options() {
      return List.of();
    }

    @Override
    public KeyValueStore open(DriverContext context) {
      return context.registry().open("nadb:mem:behind-" + scheme);
    }
  }

  /** A driver whose scheme can't be asked for. */
  public static final class ThrowingDriver implements NadbDriver {
    @Override
    public String scheme() {
      throw new IllegalArgumentException("no scheme today");
    }

    @Override
    public List<Option<?>> options() {
      return List.of();
    }

    @Override
    public KeyValueStore open(DriverContext context) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void aBackendOfSomebodyElseGetsBufferFlushTtlAndTags() {
    KeyValueStore store = registry.open("nadb:table:t?flush=5s&rows=10b");
    store.set("k", utf8("v"), SetOptions.ttl(Duration.ofSeconds(7)).withTags("t"));
    assertThat(store.stats().bufferedKeys()).isEqualTo(1);
    time.advance(Duration.ofSeconds(5));

    assertThat(store.stats().bufferedKeys()).isZero();
    assertThat(store.stats().keys()).isEqualTo(1);
    assertThat(store.queryByTags("t")).hasSize(1);
    assertThat(store.name()).isEqualTo("table-t");
    time.advance(Duration.ofSeconds(2));
    assertThat(store.contains("k")).isFalse();
    time.advance(Duration.ofSeconds(60));
    assertThat(store.stats().keys()).isZero();
  }

  @Test
  void aDriverMayStandBeforeAnyOther() {
    KeyValueStore store = registry.open("nadb:prefix:table:t?with=x:");
    store.set("k", utf8("v"));

    assertThat(text(registry.open("nadb:table:t"), "x:k")).contains("v");
    assertThat(store.url()).isEqualTo("nadb:prefix:table:t?with=x:");
    assertThatThrownBy(() -> registry.open("nadb:prefix:table:t?buffer=1mb"))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("Unknown option 'buffer'");
    store.close();
  }

  @Test
  void driversAreListed() {
    assertThat(registry.drivers()).extracting(Driver::scheme).containsExactlyInAnyOrder(ALL);
  }

  @Test
  void withoutADriverTheMessageListsThoseThereAre() {
    assertThatThrownBy(() -> registry.open("nadb:tape:x"))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageStartingWith("No driver for the scheme 'tape' in nadb:tape:x\nAvailable: ")
        .hasMessageContainingAll(ALL);
  }

  @Test
  void aRegisteredDriverTakesPrecedenceUntilItIsTakenAway() {
    NadbDriver mine = new NamedDriver("table");
    registry.registerDriver(mine);
    try (KeyValueStore store = registry.open("nadb:table:t")) {
      assertThat(store.name()).isEqualTo("mem-behind-table-main");
    }
    assertThat(registry.drivers().get(0)).isSameAs(mine);

    registry.deregisterDriver(mine);
    registry.deregisterDriver(mine);
    try (KeyValueStore store = registry.open("nadb:table:t")) {
      assertThat(store.name()).isEqualTo("table-t");
    }
  }

  @Test
  void anOpenStoreOutlivesItsDriver() {
    NadbDriver mine = new NamedDriver("mine");
    registry.registerDriver(mine);
    KeyValueStore store = registry.open("nadb:mine:x");
    registry.deregisterDriver(mine);
    store.set("k", utf8("v"));

    assertThat(text(store, "k")).contains("v");
    assertThatThrownBy(() -> registry.open("nadb:mine:x"))
        .hasMessageStartingWith("No driver for the scheme 'mine'");
  }

  @Test
  void twoDriversForOneSchemeCannotBeRegistered() {
    registry.registerDriver(new NamedDriver("mine"));

    assertThatThrownBy(() -> registry.registerDriver(new NamedDriver("mine")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a driver for the scheme 'mine' is registered already: %s; deregister it first",
            NamedDriver.class.getName());
  }

  @Test
  void somethingThatCannotOpenStoresIsNoDriver() {
    Driver half = () -> "half";

    assertThatThrownBy(() -> registry.registerDriver(half))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(" does not implement io.nadb.spi.NadbDriver");
  }

  @Test
  void aDriverOfOneRegistryIsNoneOfAnother() {
    registry.registerDriver(new NamedDriver("mine"));
    try (StoreRegistry other = StoreRegistry.create(new VirtualTime())) {
      assertThat(other.drivers()).extracting(Driver::scheme).doesNotContain("mine");
    }
  }

  @Test
  void brokenProvidersHideNoOthers() throws Exception {
    Path services = directory.resolve("META-INF/services");
    Files.createDirectories(services);
    Files.writeString(
        services.resolve(NadbDriver.class.getName()),
        """
        no.such.Driver
        io.nadb.testing.Bytes
        has.no.Parent
        """
            + ThrowingDriver.class.getName()
            + "\n"
            + TableDriver.class.getName());

    List<Driver> drivers = withLoader(registry::drivers);
    assertThat(drivers).extracting(Driver::scheme).containsExactlyInAnyOrder(ALL);
    withLoader(
        () -> {
          registry.open("nadb:mem:x").close();
          return true;
        });
    assertThatThrownBy(() -> withLoader(() -> registry.open("nadb:tape:x")))
        .hasMessageContaining("\nBroken: ")
        .hasMessageContaining("Provider no.such.Driver not found")
        .hasMessageContaining("io.nadb.testing.Bytes not a subtype")
        .hasMessageContaining("java.lang.NoClassDefFoundError: has/no/Parents")
        .hasMessageContaining("no scheme today");
  }

  @Test
  void aThreadWithoutContextClassLoaderFindsTheDrivers() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(null);
    try {
      registry.open("nadb:mem:x").close();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private <T> T withLoader(Callable<T> action) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new HalfLoader(directory, before)) {
      thread.setContextClassLoader(loader);
      return action.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Finds a class whose superclass is missing. */
  private static final class HalfLoader extends URLClassLoader {
    HalfLoader(Path directory, ClassLoader parent) throws MalformedURLException {
      super(new URL[] {directory.toUri().toURL()}, parent);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.equals("has.no.Parent")) {
        throw new NoClassDefFoundError("has/no/Parents");
      }
      return super.findClass(name);
    }
  }

  @Test
  void describeTellsEveryOptionWithTheValueThatHolds() {
    List<OptionDescription> options =
        registry.describe("nadb:table:t?Rows=0512b&token=secret&flush=60s");

    assertThat(options)
        .extracting(OptionDescription::name)
        .containsExactly(
            "db",
            "namespace",
            "buffer",
            "flush",
            "sweep",
            "durability",
            "write-timeout",
            "name",
            "shutdown",
            "rows",
            "token");
    assertThat(option(options, "rows"))
        .isEqualTo(
            OptionDescription.builder()
                .name("rows")
                .type("size (1b to 1mb)")
                .defaultValue(Optional.of("1kb"))
                .value(Optional.of("512b"))
                .description("How many rows a table may have.")
                .build());
    assertThat(option(options, "flush").value()).contains("1m");
    assertThat(option(options, "flush").defaultValue()).contains("5s");
    assertThat(option(options, "token").value()).contains("****");
    assertThat(option(options, "name").value()).isEmpty();
    assertThat(registry.status().running()).as("nothing is opened").isFalse();
  }

  @Test
  void urlsShowNoCredential() {
    KeyValueStore store = registry.open("nadb:table://ann:pa55@host:1/t?token=s3cret&flush=off");

    assertThat(store.url()).isEqualTo("nadb:table://ann:****@host:1/t?token=****&flush=off");
    assertThat(store.toString()).doesNotContain("pa55", "s3cret").contains("ann");
    assertThatThrownBy(() -> registry.open("nadb:table://ann:pa55@host:1/t?token=s3cret&flush=1s"))
        .isInstanceOf(IllegalStateException.class)
        .message()
        .doesNotContain("pa55", "s3cret");
  }

  @Test
  void aDriverThatSaysItWritesAtOnceMustHaveABackendThatDoes() {
    AtomicBoolean closed = new AtomicBoolean();
    registry.registerDriver(
        new NadbDriver() {
          @Override
          public String scheme() {
            return "hasty";
          }

          @Override
          public List<Option<?>> options() {
            return List.of();
          }

          @Override
          public boolean writesAtOnce() {
            return true;
          }

          @Override
          public KeyValueStore open(DriverContext context) {
            return context.openStore(
                "x",
                () ->
                    new ForwardingBackend(new MemoryBackend()) {
                      @Override
                      public void close() throws IOException {
                        super.close();
                        closed.set(true);
                      }
                    });
          }
        });

    assertThatThrownBy(() -> registry.open("nadb:hasty:x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the driver of nadb:hasty: says that it writes at once, but ")
        .hasMessageEndingWith(" is no io.nadb.spi.DirectBackend");
    assertThat(closed).isTrue();
    registry.open("nadb:hasty:x?buffer=1mb").close();
  }

  @Test
  void namesComeFromTheUrlOrTheOption() {
    assertThat(registry.open("nadb:fs:" + directory + "/my data?db=app").name())
        .isEqualTo("fs-my_data-app");
    assertThat(registry.open("nadb:mem:m").name()).isEqualTo("mem-m-main");
    assertThat(registry.open("nadb:mem:n?name=Orders.1").name()).isEqualTo("Orders.1");
    assertThat(registry.status().stores())
        .containsExactly("fs-my_data-app", "mem-m-main", "Orders.1");
  }

  private static OptionDescription option(List<OptionDescription> options, String name) {
    return options.stream().filter(option -> option.name().equals(name)).findFirst().orElseThrow();
  }
}
