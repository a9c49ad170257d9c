package io.nadb.testkit;

import io.nadb.Driver;
import io.nadb.KeyValueStore;
import io.nadb.NadbUrlException;
import io.nadb.OptionDescription;
import io.nadb.StoreRegistry;
import io.nadb.spi.DriverContext;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code nadb:test:<other URL without nadb:>}: puts a running {@link NadbHarness} behind a URL, so
 * that an application is tested as it is, by its configuration alone.
 *
 * <p>{@code nadb:test:fs:./data?flush=5s} opens {@code nadb:fs:./data?flush=5s} in the harness: on
 * its time, with its faults and its ledger, and in its directory if the path is relative. If more
 * than one harness is running, {@link NadbHarness#testUrl} tells which: {@code
 * nadb:test:h7:fs:./data}.
 *
 * @since 0.1.0
 */
public final class TestDriver implements NadbDriver {
  private static final String SCHEME = "test";

  /** For the service loader. */
  public TestDriver() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  /**
   * All options of all drivers, to be passed on as they are written: the driver behind checks them.
   */
  @Override
  public List<Option<?>> options() {
    return new ArrayList<>(passedOn().values());
  }

  @Override
  public boolean acceptsCommonOptions() {
    return false;
  }

  private static Map<String, Option<Optional<String>>> passedOn() {
    Map<String, Option<Optional<String>>> options = new LinkedHashMap<>();
    try (StoreRegistry registry = StoreRegistry.create()) {
      for (Driver driver : registry.drivers()) {
        if (!driver.scheme().equals(SCHEME)) {
          for (OptionDescription option : registry.describe("nadb:" + driver.scheme() + ":x")) {
            options.computeIfAbsent(
                option.name(), name -> Option.optionalText(name, option.description()));
          }
        }
      }
    }
    return options;
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    if (!context.url().endpoints().isEmpty()) {
      throw new NadbUrlException(
          "Another URL is needed after nadb:test: in "
              + context.url()
              + "\nWrite, for example, nadb:test:fs:./data?flush=5s");
    }
    Map<String, String> given = new LinkedHashMap<>();
    passedOn()
        .forEach((name, option) -> context.option(option).ifPresent(text -> given.put(name, text)));
    return RunningHarnesses.open(context.url().rawPath(), given);
  }
}
