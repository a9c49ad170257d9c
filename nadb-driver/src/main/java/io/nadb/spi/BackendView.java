package io.nadb.spi;

import io.nadb.TagFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a backend held at one moment, see {@link StorageBackend#view}: its answers stay the same
 * whatever is applied meanwhile, until it is closed. It keeps what it needs for that, in memory and
 * on the disk, so it is to be closed soon.
 *
 * <p>All methods but {@code close} may be called by any number of threads. They return expired
 * entries where they don't take the time; the caller filters them.
 *
 * @since 0.1.0
 */
public interface BackendView extends AutoCloseable {

  /**
   * Returns an entry's value, as an array of the caller's own; null if there is none or it has
   * expired.
   *
   * @param now the time, to be asked only if the entry can expire
   */
  byte @Nullable [] value(String namespace, String key, LongSupplier now) throws IOException;

  /**
   * Returns the values of those of the keys (each is given once) that exist and have not expired,
   * in the order of the keys, as arrays of the caller's own; modifiable.
   *
   * @param now the time, to be asked only if an entry can expire
   */
  default Map<String, byte[]> values(String namespace, Collection<String> keys, LongSupplier now)
      throws IOException {
    Map<String, byte[]> values = new LinkedHashMap<>();
    for (String key : keys) {
      byte[] value = value(namespace, key, now);
      if (value != null) {
        values.put(key, value);
      }
    }
    return values;
  }

  /**
   * Returns values as {@link #values} does, for somebody who does not put them beside anything else
   * that this view shows. Where a view is of what others may change at any time, they may come from
   * a cache that is a little behind.
   */
  default Map<String, byte[]> recentValues(
      String namespace, Collection<String> keys, LongSupplier now) throws IOException {
    return values(namespace, keys, now);
  }

  /** Returns what is known of an entry, or null if there is none. */
  @Nullable StoredEntry entry(String namespace, String key) throws IOException;

  /** Gives all entries whose key begins with {@code prefix} to {@code each}, in key order. */
  void scan(String namespace, String prefix, Consumer<StoredEntry> each) throws IOException;

  /** Returns the entries that have all of {@code tags} (one or more), in key order. */
  List<StoredEntry> tagged(String namespace, Set<String> tags) throws IOException;

  /** Gives each entry that has a tag to {@code each}, once, in whatever order. */
  void eachTagged(String namespace, Consumer<StoredEntry> each) throws IOException;

  /** Is shown entries. */
  @FunctionalInterface
  interface Visitor {
    /** Is shown an entry; returns whether it wants another one. */
    boolean visit(StoredEntry entry) throws IOException;
  }

  /**
   * Shows a visitor the entries of a selection, each once, until it has had enough. Without a
   * method of its own, a view lists those that have the tags that all must have, or the prefix; but
   * each page and each part of a stream asks anew, beginning after the last.
   *
   * @param trace is told what was done for that
   */
  default void walk(String namespace, Selection selection, Visitor visitor, SearchTrace trace)
      throws IOException {
    Set<String> required = selection.requiredTags();
    List<StoredEntry> found = new ArrayList<>();
    long[] read = new long[1];
    Consumer<StoredEntry> choose =
        entry -> {
          read[0]++;
          trace.read(1);
          if (selection.includes(entry)) {
            found.add(entry);
          }
        };
    if (required.isEmpty()) {
      scan(namespace, selection.prefix(), choose);
      trace.uses("all entries", read[0]);
    } else {
      tagged(namespace, required).forEach(choose);
      required.forEach(tag -> trace.uses("tag '" + tag + "'", read[0]));
    }
    if (selection.order() == Selection.Order.KEY_DESCENDING) {
      Collections.reverse(found);
    }
    for (StoredEntry entry : found) {
      if (!visitor.visit(entry)) {
        return;
      }
    }
  }

  /**
   * Counts the entries whose tags match and that have not expired, without those of some keys.
   *
   * @param now what has expired by then does not count
   */
  default long count(String namespace, TagFilter tags, long now, Set<String> except)
      throws IOException {
    long[] count = new long[1];
    walk(
        namespace,
        new Selection(tags, "", "", null, Selection.Order.ANY),
        entry -> {
          count[0] += entry.isGoneAt(now) || except.contains(entry.key()) ? 0 : 1;
          return true;
        },
        new SearchTrace());
    return count[0];
  }

  /**
   * Counts, for each tag, the entries that have it and have not expired, without those of some
   * keys; modifiable.
   *
   * @param now what has expired by then does not count
   */
  default Map<String, Long> countTags(String namespace, long now, Set<String> except)
      throws IOException {
    Map<String, Long> counts = new HashMap<>();
    eachTagged(
        namespace,
        entry -> {
          if (!entry.isGoneAt(now) && !except.contains(entry.key())) {
            entry.tags().forEach(tag -> counts.merge(tag, 1L, Long::sum));
          }
        });
    return counts;
  }

  /**
   * How many bytes of memory are kept that without this view would not be, roughly; without waiting
   * for anything.
   */
  default long keptBytes() {
    return 0;
  }

  /** Lets go of all that is kept for this view; it must not be asked any more. */
  @Override
  void close();
}
