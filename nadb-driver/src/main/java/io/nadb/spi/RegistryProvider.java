package io.nadb.spi;

import io.nadb.StoreRegistry;
import io.nadb.TimeSource;

/** Creates registries whose backends reach the disk through a given {@link StorageIo}. */
public interface RegistryProvider extends StoreRegistry.Provider {

  /** Creates a registry on the given time and disk. */
  StoreRegistry create(TimeSource time, StorageIo io);

  @Override
  default StoreRegistry create(TimeSource time) {
    return create(time, StorageIo.system());
  }
}
