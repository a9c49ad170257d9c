package io.nadb.internal.registry;

import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.spi.RegistryProvider;
import io.nadb.spi.StorageIo;

/** Creates registries for {@link StoreRegistry#create()}. */
public final class NadbRegistryProvider implements RegistryProvider {

  /** For the service loader. */
  public NadbRegistryProvider() {}

  @Override
  public StoreRegistry create(TimeSource time, StorageIo io) {
    return new NadbRegistry(time, io);
  }
}
