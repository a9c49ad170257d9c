package io.nadb.internal.registry;

import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.spi.StorageIo;

/** Creates registries for {@link StoreRegistry#create()}. */
public final class NadbRegistryProvider implements StoreRegistry.Provider {

  /** For the service loader. */
  public NadbRegistryProvider() {}

  @Override
  public StoreRegistry create(TimeSource time) {
    return create(time, StorageIo.system());
  }

  /** Creates a registry whose backends reach the disk through {@code io}. */
  public StoreRegistry create(TimeSource time, StorageIo io) {
    return new NadbRegistry(time, io);
  }
}
