package io.nadb.spi;

import io.nadb.KeyValueStore;
import java.util.List;
import java.util.Objects;

/**
 * A driver that stands before another one, with its scheme and its options: the base of drivers
 * that change what a store is opened with ({@link ForwardingContext}) or what comes of it.
 *
 * @since 0.1.0
 */
public abstract class ForwardingDriver implements NadbDriver {
  private final NadbDriver driver;

  /** Creates a driver that passes calls on to {@code driver}. */
  protected ForwardingDriver(NadbDriver driver) {
    this.driver = Objects.requireNonNull(driver, "driver");
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
  public boolean acceptsCommonOptions() {
    return driver.acceptsCommonOptions();
  }

  @Override
  public boolean writesAtOnce() {
    return driver.writesAtOnce();
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    return driver.open(context);
  }
}
