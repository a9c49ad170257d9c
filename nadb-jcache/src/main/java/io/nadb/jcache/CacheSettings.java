package io.nadb.jcache;

import java.util.ArrayList;
import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/** A cache's configuration at one moment, which nobody can change. */
final class CacheSettings<K, V> implements CompleteConfiguration<K, V> {
  private static final long serialVersionUID = 1L;

  private final MutableConfiguration<K, V> copy;

  CacheSettings(CompleteConfiguration<K, V> configuration) {
    this.copy = new MutableConfiguration<>(configuration);
  }

  /** Makes a configuration complete by JCache's defaults. */
  static <K, V> MutableConfiguration<K, V> complete(Configuration<K, V> configuration) {
    if (configuration instanceof CompleteConfiguration<K, V> complete) {
      return new MutableConfiguration<>(complete);
    }
    return new MutableConfiguration<K, V>()
        .setTypes(configuration.getKeyType(), configuration.getValueType())
        .setStoreByValue(configuration.isStoreByValue());
  }

  @Override
  public Class<K> getKeyType() {
    return copy.getKeyType();
  }

  @Override
  public Class<V> getValueType() {
    return copy.getValueType();
  }

  @Override
  public boolean isStoreByValue() {
    return copy.isStoreByValue();
  }

  @Override
  public boolean isReadThrough() {
    return copy.isReadThrough();
  }

  @Override
  public boolean isWriteThrough() {
    return copy.isWriteThrough();
  }

  @Override
  public boolean isStatisticsEnabled() {
    return copy.isStatisticsEnabled();
  }

  @Override
  public boolean isManagementEnabled() {
    return copy.isManagementEnabled();
  }

  @Override
  public Iterable<CacheEntryListenerConfiguration<K, V>> getCacheEntryListenerConfigurations() {
    List<CacheEntryListenerConfiguration<K, V>> all = new ArrayList<>();
    copy.getCacheEntryListenerConfigurations().forEach(all::add);
    return List.copyOf(all);
  }

  @Override
  public @Nullable Factory<CacheLoader<K, V>> getCacheLoaderFactory() {
    return copy.getCacheLoaderFactory();
  }

  @Override
  public @Nullable Factory<CacheWriter<? super K, ? super V>> getCacheWriterFactory() {
    return copy.getCacheWriterFactory();
  }

  @Override
  public Factory<ExpiryPolicy> getExpiryPolicyFactory() {
    return copy.getExpiryPolicyFactory();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CacheSettings<?, ?> that && copy.equals(that.copy);
  }

  @Override
  public int hashCode() {
    return copy.hashCode();
  }
}
