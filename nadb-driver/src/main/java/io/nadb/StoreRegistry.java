package io.nadb;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Opens stores by URL and owns the one background thread that flushes and sweeps them.
 *
 * <p>{@link NadbDriverManager} stands in front of a default registry. Create another one to give a
 * part of an application its own thread and its own shutdown, or to give a test its own time.
 *
 * <p>A location that is opened twice is one engine with two handles; the last handle to close ends
 * it. The background thread starts with the first store and ends with the last; with a second store
 * comes a second thread, which takes over if a store's disk keeps the first one. All methods are
 * thread-safe.
 *
 * @since 0.1.0
 */
public interface StoreRegistry extends AutoCloseable {

  /** Creates a registry on the machine's time. */
  static StoreRegistry create() {
    return create(TimeSource.system());
  }

  /** Creates a registry on the given time. */
  static StoreRegistry create(TimeSource time) {
    return ServiceLoader.load(Provider.class, StoreRegistry.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no provider of io.nadb.StoreRegistry: META-INF/services of nadb-driver is"
                        + " missing; a repackaged jar must merge service files"))
        .create(time);
  }

  /**
   * Opens a store, or another handle on it if this registry has the location open.
   *
   * @param url {@code nadb:<scheme>:<path>[?option=value&...]}
   * @throws NadbUrlException if the URL can't be understood
   * @throws IllegalStateException if the location is open with other settings; the message shows
   *     the difference
   * @throws StoreLockedException if another process or registry has the location open
   * @throws CorruptStoreException if the files are damaged
   * @throws NadbException if the location can't be used
   */
  default KeyValueStore open(String url) {
    return open(url, Map.of());
  }

  /**
   * Opens a store with options from the URL and from the map; an option may be given in one of them
   * only.
   *
   * @throws NadbUrlException and others as {@link #open(String)} does
   */
  KeyValueStore open(String url, Map<String, String> options);

  /**
   * Adds a driver that no service file names; it takes precedence over those that one does.
   *
   * @throws IllegalArgumentException if it is no {@code io.nadb.spi.NadbDriver}, or one for the
   *     same scheme is registered
   */
  void registerDriver(Driver driver);

  /** Takes away a driver that was added; open stores go on. */
  void deregisterDriver(Driver driver);

  /** Returns the drivers that {@code open} can use now, the added ones first. */
  List<Driver> drivers();

  /**
   * Explains a URL: every option of its driver, with type, default, meaning, and the value that
   * holds. Opens nothing.
   *
   * @throws NadbUrlException if the URL can't be understood
   */
  List<OptionDescription> describe(String url);

  /** Returns what the background thread is doing. */
  SyncStatus status();

  /**
   * Closes all stores of this registry, each with a last flush, and ends the background thread. The
   * registry can't be used afterwards. A second call does nothing.
   *
   * @throws NadbException if a store's last flush fails; the others are closed all the same
   */
  @Override
  void close();

  /** How nadb-driver plugs in its registry; not for users. */
  interface Provider {

    /** Creates a registry on the given time. */
    StoreRegistry create(TimeSource time);
  }
}
