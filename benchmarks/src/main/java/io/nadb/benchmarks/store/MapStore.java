package io.nadb.benchmarks.store;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A {@code ConcurrentHashMap} that copies values in and out: what no store can be faster than. */
final class MapStore implements Store {
  private final ConcurrentMap<String, byte[]> entries = new ConcurrentHashMap<>();

  @Override
  public void set(String key, byte[] value) {
    entries.put(key, value.clone());
  }

  @Override
  public byte @Nullable [] get(String key) {
    byte[] value = entries.get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
