package io.nadb.jcache;

import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;

/** A cache's configuration, and what follows it while the cache is open: listeners and MBeans. */
final class CacheControl<K, V> {
  private final MutableConfiguration<K, V> configuration;
  private final CacheListeners<K, V> listeners;
  private final CacheStatistics statistics;
  private final ManagementBean statisticsBean;
  private final ManagementBean configurationBean;
  private boolean over;

  CacheControl(
      String cache,
      String url,
      MutableConfiguration<K, V> configuration,
      CacheListeners<K, V> listeners,
      CacheStatistics statistics) {
    this.configuration = configuration;
    this.listeners = listeners;
    this.statistics = statistics;
    this.statisticsBean = new ManagementBean(statistics, "CacheStatistics", url, cache);
    this.configurationBean =
        new ManagementBean(new ConfigurationBean(this::settings), "CacheConfiguration", url, cache);
  }

  /** Does what the configuration asks for. */
  synchronized void start() {
    configuration.getCacheEntryListenerConfigurations().forEach(listeners::add);
    enableStatistics(configuration.isStatisticsEnabled());
    enableManagement(configuration.isManagementEnabled());
  }

  /** The configuration of now, which does not change any more. */
  synchronized CompleteConfiguration<K, V> settings() {
    return new CacheSettings<>(configuration);
  }

  synchronized void enableStatistics(boolean enabled) {
    if (!over) {
      configuration.setStatisticsEnabled(enabled);
      statistics.enable(enabled);
      statisticsBean.enable(enabled);
    }
  }

  synchronized void enableManagement(boolean enabled) {
    if (!over) {
      configuration.setManagementEnabled(enabled);
      configurationBean.enable(enabled);
    }
  }

  /**
   * Adds a listener.
   *
   * @throws IllegalArgumentException if it is there
   */
  synchronized void register(CacheEntryListenerConfiguration<K, V> listener) {
    configuration.addCacheEntryListenerConfiguration(listener);
    try {
      listeners.add(listener);
    } catch (RuntimeException e) {
      configuration.removeCacheEntryListenerConfiguration(listener);
      throw e;
    }
  }

  synchronized void deregister(CacheEntryListenerConfiguration<K, V> listener) {
    configuration.removeCacheEntryListenerConfiguration(listener);
    listeners.remove(listener);
  }

  /** Ends listeners and MBeans. */
  synchronized void end() {
    over = true;
    statisticsBean.enable(false);
    configurationBean.enable(false);
    listeners.close();
  }
}
