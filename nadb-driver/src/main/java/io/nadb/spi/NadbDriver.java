package io.nadb.spi;

import io.nadb.Driver;
import io.nadb.KeyValueStore;
import java.util.List;

/**
 * Opens stores for one URL scheme.
 *
 * <p>Found by {@link java.util.ServiceLoader} at each open, so it needs a public constructor
 * without arguments and should hold no state.
 *
 * @since 0.1.0
 */
public interface NadbDriver extends Driver {

  /** The options it accepts besides the common ones. */
  List<Option<?>> options();

  /**
   * Whether its URLs may carry the common options ({@code buffer}, {@code flush}, {@code db} and so
   * on), which {@link DriverContext#openStore} goes by. A driver that only stands before another
   * one may decline them.
   */
  default boolean acceptsCommonOptions() {
    return true;
  }

  /**
   * Whether its stores write at once unless a URL asks for a write buffer: then the option {@code
   * buffer} is off by default, and what it gives to {@link DriverContext#openStore} has to open a
   * {@link DirectBackend}.
   */
  default boolean writesAtOnce() {
    return false;
  }

  /**
   * Opens a store. The URL has been checked against the options.
   *
   * @throws io.nadb.NadbException if the location can't be used
   */
  KeyValueStore open(DriverContext context);
}
