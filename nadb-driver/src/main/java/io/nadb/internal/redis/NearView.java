package io.nadb.internal.redis;

import io.nadb.TagFilter;
import io.nadb.spi.BackendView;
import io.nadb.spi.SearchTrace;
import io.nadb.spi.Selection;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a server holds; only values that are asked for by themselves may be those that are kept
 * near.
 *
 * @param recent finds values of a namespace, near or at the server
 */
record NearView(
    BackendView server, BiFunction<String, Collection<String>, Map<String, byte[]>> recent)
    implements BackendView {

  @Override
  public Map<String, byte[]> recentValues(
      String namespace, Collection<String> keys, LongSupplier now) {
    return recent.apply(namespace, keys);
  }

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now)
      throws IOException {
    return server.value(namespace, key, now);
  }

  @Override
  public Map<String, byte[]> values(String namespace, Collection<String> keys, LongSupplier now)
      throws IOException {
    return server.values(namespace, keys, now);
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
    return server.entry(namespace, key);
  }

  @Override
  public void scan(String namespace, String prefix, Consumer<StoredEntry> each) throws IOException {
    server.scan(namespace, prefix, each);
  }

  @Override
  public List<StoredEntry> tagged(String namespace, Set<String> tags) throws IOException {
    return server.tagged(namespace, tags);
  }

  @Override
  public void eachTagged(String namespace, Consumer<StoredEntry> each) throws IOException {
    server.eachTagged(namespace, each);
  }

  @Override
  public long count(String namespace, TagFilter tags, long now, Set<String> except)
      throws IOException {
    return server.count(namespace, tags, now, except);
  }

  @Override
  public Map<String, Long> countTags(String namespace, long now, Set<String> except)
      throws IOException {
    return server.countTags(namespace, now, except);
  }

  @Override
  public void walk(String namespace, Selection selection, Visitor visitor, SearchTrace trace)
      throws IOException {
    server.walk(namespace, selection, visitor, trace);
  }

  @Override
  public long keptBytes() {
    return server.keptBytes();
  }

  @Override
  public void close() {
    server.close();
  }
}
