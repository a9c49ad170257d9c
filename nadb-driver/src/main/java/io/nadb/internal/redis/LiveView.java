package io.nadb.internal.redis;

import io.nadb.KeyOrder;
import io.nadb.spi.BackendView;
import io.nadb.spi.SearchTrace;
import io.nadb.spi.Selection;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  public Map<String, Long> countTags(String namespace, long now, Set<String> except) {
    Map<String, Long> counts = new HashMap<>();
    Optional<Map<String, Long>> known =
        except.isEmpty() ? queries.counts(namespace) : Optional.empty();
    if (known.isPresent()) {
      counts.putAll(known.get());
    } else {
      eachTagged(
          namespace,
          entry -> {
            if (!except.contains(entry.key())) {
              entry.tags().forEach(tag -> counts.merge(tag, 1L, Long::sum));
            }
          });
    }
    return counts;
  }

  @Override
  public void walk(String namespace, Selection selection, Visitor visitor, SearchTrace trace)
      throws IOException {
    Set<String> tags = selection.requiredTags();
    if (!tags.isEmpty() && selection.order() != Selection.Order.KEY_DESCENDING) {
      queries.show(namespace, selection, tags, visitor, trace);
      return;
    }
    List<StoredEntry> all = new ArrayList<>();
    scan(namespace, selection.prefix(), all::add);
    trace.uses("all entries", all.size());
    trace.read(all.size());
    if (selection.order() == Selection.Order.KEY_DESCENDING) {
      Collections.reverse(all);
    }
    for (StoredEntry entry : all) {
      if (selection.includes(entry) && !visitor.visit(entry)) {
        return;
      }
    }
  }

  @Override
  public void close() {}
}
