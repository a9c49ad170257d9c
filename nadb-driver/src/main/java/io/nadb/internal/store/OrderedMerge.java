package io.nadb.internal.store;

import io.nadb.KeyOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Merges what the buffer has with what the backend lists, both in key order, into one list. */
final class OrderedMerge<T> {
  private final Iterator<Map.Entry<String, T>> buffered;
  private final List<T> merged = new ArrayList<>();
  private Map.@Nullable Entry<String, T> next;

  OrderedMerge(SortedMap<String, T> buffered) {
    this.buffered = buffered.entrySet().iterator();
    step();
  }

  private void step() {
    next = buffered.hasNext() ? buffered.next() : null;
  }

  /** Adds what the backend has for its next key, which the buffer does not have. */
  void add(String key, T value) {
    while (next != null && KeyOrder.INSTANCE.compare(next.getKey(), key) < 0) {
      merged.add(next.getValue());
      step();
    }
    merged.add(value);
  }

  /** Adds the rest of what the buffer has; returns an unmodifiable list. */
  List<T> finish() {
    while (next != null) {
      merged.add(next.getValue());
      step();
    }
    return Collections.unmodifiableList(merged);
  }
}
