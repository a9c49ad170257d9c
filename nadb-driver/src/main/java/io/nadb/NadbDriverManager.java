package io.nadb;

import java.util.List;
import java.util.Map;

/**
 * The way in: opens a {@link KeyValueStore} by URL, as {@code java.sql.DriverManager} opens a
 * connection.
 *
 * <pre>{@code
 * try (KeyValueStore store = NadbDriverManager.open("nadb:fs:./data?buffer=1mb&flush=5s")) {
 *   store.set("user:1", bytes);
 * }
 * }</pre>
 *
 * <p>All methods go to one default {@link StoreRegistry} per class loader, which holds no thread
 * and no shutdown hook while no store is open.
 *
 * @since 0.1.0
 */
public final class NadbDriverManager {

  private NadbDriverManager() {}

  /** Opens a store; see {@link StoreRegistry#open(String)}. */
  public static KeyValueStore open(String url) {
    return registry().open(url);
  }

  /** Opens a store; see {@link StoreRegistry#open(String, Map)}. */
  public static KeyValueStore open(String url, Map<String, String> options) {
    return registry().open(url, options);
  }

  /** Adds a driver; see {@link StoreRegistry#registerDriver}. */
  public static void registerDriver(Driver driver) {
    registry().registerDriver(driver);
  }

  /** Takes a driver away; see {@link StoreRegistry#deregisterDriver}. */
  public static void deregisterDriver(Driver driver) {
    registry().deregisterDriver(driver);
  }

  /** Returns the usable drivers; see {@link StoreRegistry#drivers}. */
  public static List<Driver> drivers() {
    return registry().drivers();
  }

  /** Explains a URL; see {@link StoreRegistry#describe}. */
  public static List<OptionDescription> describe(String url) {
    return registry().describe(url);
  }

  /** Returns what the background thread is doing; see {@link StoreRegistry#status}. */
  public static SyncStatus status() {
    return registry().status();
  }

  private static StoreRegistry registry() {
    return Default.REGISTRY;
  }

  /** Creates the default registry at first use. */
  private static final class Default {
    static final StoreRegistry REGISTRY = StoreRegistry.create();
  }
}
