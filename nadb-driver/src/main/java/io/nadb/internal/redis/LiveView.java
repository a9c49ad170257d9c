package io.nadb.internal.redis;

import io.nadb.KeyOrder;
import io.nadb.spi.BackendView;
import io.nadb.spi.StoredEntry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a server holds at the time of each question: it keeps nothing for who would like to see what
 * others have replaced since.
 */
record LiveView(Entries entries, Listing listing, RedisQueries queries) implements BackendView {

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now) {
    return entries.value(namespace, key);
  }

  @Override
  public Map<String, byte[]> values(String namespace, Collection<String> keys, LongSupplier now) {
    return entries.values(namespace, keys);
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) {
    return entries.entry(namespace, key);
  }

  @Override
  public void scan(String namespace, String prefix, Consumer<StoredEntry> each) {
    Map<String, StoredEntry> found = new TreeMap<>(KeyOrder.INSTANCE);
    listing.scan(
        namespace,
        prefix,
        keys ->
            keys.forEach(
                (partition, some) ->
                    entries.read(partition, some).forEach(entry -> found.put(entry.key(), entry))));
    found.values().forEach(each);
  }

  @Override
  public List<StoredEntry> tagged(String namespace, Set<String> tags) {
    return queries.tagged(namespace, tags);
  }

  @Override
  public void eachTagged(String namespace, Consumer<StoredEntry> each) {
    queries.eachTagged(namespace, each);
  }

  @Override
  public void close() {}
}
