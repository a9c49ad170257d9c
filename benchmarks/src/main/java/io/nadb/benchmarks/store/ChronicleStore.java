package io.nadb.benchmarks.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Chronicle Map in a memory-mapped file. It has no call that makes an entry durable, so it takes
 * part only where durability does not matter.
 */
final class ChronicleStore implements Store {
  private final ChronicleMap<String, byte[]> map;

  ChronicleStore(Setup setup) {
    try {
      map =
          ChronicleMapBuilder.of(String.class, byte[].class)
              .averageKeySize(io.nadb.benchmarks.data.Keys.LENGTH)
              .averageValueSize(setup.valueBytes())
              .entries(Math.max(1000, setup.keys()))
              .createPersistedTo(setup.directory().resolve("store.chronicle").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void set(String key, byte[] value) {
    map.put(key, value);
  }

  @Override
  public byte @Nullable [] get(String key) {
    return map.get(key);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    map.close();
  }
}
