package io.nadb.spi;

import io.nadb.Driver;
import io.nadb.KeyValueStore;
import io.nadb.OptionDescription;
import java.util.List;

/**
 * Opens stores for one URL scheme.
 *
 * <p>Found by {@link java.util.ServiceLoader} at each open, so it needs a public constructor
 * without arguments and should hold no state.
 */
public interface NadbDriver extends Driver {

  /** The options it accepts, in the order in which errors and descriptions list them. */
  List<Option<?>> options();

  /**
   * Opens a store. The URL has been checked against {@link #options()}.
   *
   * @throws io.nadb.NadbException if the location can't be used
   */
  KeyValueStore open(DriverContext context);

  @Override
  default List<OptionDescription> describe() {
    return options().stream().map(option -> option.describe(null)).toList();
  }
}
