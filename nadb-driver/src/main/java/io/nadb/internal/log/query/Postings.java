package io.nadb.internal.log.query;

import io.nadb.TagFilter;
import io.nadb.internal.log.format.LogRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where records with a tag or a TTL have been written: by tag, and by the time at which they
 * expire. Outdated ones stay until the next {@link SecondaryIndexes} is built.
 */
final class Postings {
  private final Map<String, Map<String, TagList>> byTag = new HashMap<>();
  private final ExpiryHeap expiries = new ExpiryHeap();
  private long size;

  /** How many records have been added. */
  long size() {
    return size;
  }

  void add(LogRecord record, long position) {
    size++;
    if (record.hasTtl()) {
      expiries.push(record.expiresAt(), position);
    }
    Set<String> tags = record.tags();
    if (!tags.isEmpty()) {
      Map<String, TagList> lists =
          byTag.computeIfAbsent(record.namespace(), namespace -> new HashMap<>());
      for (String tag : tags) {
        lists.computeIfAbsent(tag, text -> new TagList()).add(position);
      }
    }
  }

  ExpiryHeap expiries() {
    return expiries;
  }

  /** Says how to find what matches. */
  TagPlan plan(String namespace, TagFilter filter) {
    return TagPlan.of(lists(namespace), filter);
  }

  /** The positions of each tag. */
  Map<String, SortedPositions> positions(String namespace) {
    Map<String, SortedPositions> all = new HashMap<>();
    lists(namespace).forEach((tag, list) -> all.put(tag, list.positions()));
    return all;
  }

  private Map<String, TagList> lists(String namespace) {
    return byTag.getOrDefault(namespace, Map.of());
  }
}
