package io.nadb;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;

/**
 * An unmodifiable set of few strings, in the order of code points: an array, where a tree has
 * nodes.
 */
final class SortedTags extends AbstractSet<String> {
  private final String[] sorted;

  private SortedTags(String[] sorted) {
    this.sorted = sorted;
  }

  /** Copies and sorts tags, of which no two are equal. */
  static Set<String> copyOf(Set<String> tags) {
    if (tags.size() < 2) {
      return Set.copyOf(tags);
    }
    String[] sorted = tags.toArray(new String[0]);
    Arrays.sort(sorted, KeyOrder.INSTANCE);
    return new SortedTags(sorted);
  }

  @Override
  public int size() {
    return sorted.length;
  }

  @Override
  public boolean contains(Object tag) {
    return tag instanceof String text && Arrays.binarySearch(sorted, text, KeyOrder.INSTANCE) >= 0;
  }

  @Override
  public Iterator<String> iterator() {
    return Arrays.asList(sorted).iterator();
  }
}
