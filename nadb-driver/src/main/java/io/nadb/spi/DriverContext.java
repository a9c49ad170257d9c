package io.nadb.spi;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.io.IOException;
import java.util.List;

/**
 * What a driver is given to open one URL.
 *
 * @since 0.1.0
 */
public interface DriverContext {

  /** The URL, parsed. */
  NadbUrl url();

  /** The option's value: from the URL, from the map given to {@code open}, or its default. */
  <T> T option(Option<T> option);

  /** The registry's time. */
  TimeSource time();

  /** How the registry's backends reach the disk. */
  StorageIo io();

  /** The registry, for drivers that stand before another driver. */
  StoreRegistry registry();

  /**
   * Returns a handle on the shared store of a location: opens the backend if the registry has no
   * store open there, and adds buffer, flushing, TTL and statistics to it as the common options
   * say. The writes of a driver that {@linkplain NadbDriver#writesAtOnce writes at once} go out at
   * once, unless the options {@code buffer} or {@code flush} ask for a write buffer.
   *
   * <p>The credentials are the user and the password of the URL; see {@link #openStore(String,
   * List, BackendFactory)}.
   *
   * @param location what makes two URLs the same store, for example an absolute path, or a host
   *     with its port; the scheme is added to it
   * @param backend opens the backend; called at most once
   * @throws IllegalStateException if the location is open with other settings or credentials
   */
  default KeyValueStore openStore(String location, BackendFactory backend) {
    return openStore(location, credentials(), backend);
  }

  /**
   * Returns a handle as {@link #openStore(String, BackendFactory)} does, for a driver that finds
   * out by itself who opens the store, from a file for example.
   *
   * @param credentials what must be the same, in the same order, as when the store was opened, so
   *     that nobody gets what another has opened; the values of masked options are added. Never
   *     shown, and kept only as a digest
   */
  KeyValueStore openStore(String location, List<String> credentials, BackendFactory backend);

  private List<String> credentials() {
    return List.of(url().user().orElse(""), url().password().orElse(""));
  }

  /** Opens a backend. */
  @FunctionalInterface
  interface BackendFactory {

    /**
     * Opens a backend, a {@link DirectBackend} if the driver writes at once; it is closed when the
     * last handle is.
     */
    StorageBackend open() throws IOException;
  }
}
