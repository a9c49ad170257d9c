package io.nadb.internal.log.query;

import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.index.PositionList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where records with a tag or a TTL have been written: by tag, and by the time at which they
 * expire. Outdated ones stay until the next {@link SecondaryIndexes} is built.
 */
final class Postings {
  private final Map<String, Map<String, PositionList>> byTag = new HashMap<>();
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
      Map<String, PositionList> lists =
          byTag.computeIfAbsent(record.namespace(), namespace -> new HashMap<>());
      for (String tag : tags) {
        lists.computeIfAbsent(tag, text -> new PositionList()).add(position);
      }
    }
  }

  ExpiryHeap expiries() {
    return expiries;
  }

  /** Gives the positions of the tag that has the fewest, in order. */
  long[] fewest(String namespace, Set<String> tags) {
    Map<String, PositionList> lists = byTag.getOrDefault(namespace, Map.of());
    PositionList fewest = null;
    for (String tag : tags) {
      @Nullable PositionList list = lists.get(tag);
      if (list == null) {
        return new long[0];
      }
      if (fewest == null || list.size() < fewest.size()) {
        fewest = list;
      }
    }
    if (fewest == null) {
      return new long[0];
    }
    fewest.sort(); // It stays so but for what is added: the next to ask has little to sort.
    return fewest.toArray();
  }

  /** Gives the positions of all records with a tag. */
  long[] tagged(String namespace) {
    PositionList all = new PositionList();
    for (PositionList list : byTag.getOrDefault(namespace, Map.of()).values()) {
      for (int i = 0; i < list.size(); i++) {
        all.add(list.get(i));
      }
    }
    return all.toArray();
  }
}
