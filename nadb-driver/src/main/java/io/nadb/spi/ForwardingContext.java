package io.nadb.spi;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.util.List;
import java.util.Objects;

/**
 * What another context has for a driver, but for what a subclass changes.
 *
 * @since 0.1.0
 */
public abstract class ForwardingContext implements DriverContext {
  private final DriverContext context;

  /** Creates a context that passes calls on to {@code context}. */
  protected ForwardingContext(DriverContext context) {
    this.context = Objects.requireNonNull(context, "context");
  }

  @Override
  public NadbUrl url() {
    return context.url();
  }

  @Override
  public <T> T option(Option<T> option) {
    return context.option(option);
  }

  @Override
  public TimeSource time() {
    return context.time();
  }

  @Override
  public StorageIo io() {
    return context.io();
  }

  @Override
  public StoreRegistry registry() {
    return context.registry();
  }

  @Override
  public KeyValueStore openStore(String location, BackendFactory backend) {
    return DriverContext.super.openStore(location, backend); // So that one method opens all.
  }

  @Override
  public KeyValueStore openStore(
      String location, List<String> credentials, BackendFactory backend) {
    return context.openStore(location, credentials, backend);
  }
}
