package io.nadb.benchmarks.store;

import java.util.function.Function;

/**
 * Something for each of a store's tables.
 *
 * @param entries for the entries
 * @param tags for the postings of tags
 * @param expiry for the expiry times
 */
record Tables<T>(T entries, T tags, T expiry) {

  static <T> Tables<T> of(Function<TableStore.Table, T> each) {
    return new Tables<>(
        each.apply(TableStore.Table.ENTRIES),
        each.apply(TableStore.Table.TAGS),
        each.apply(TableStore.Table.EXPIRY));
  }

  T get(TableStore.Table table) {
    return switch (table) {
      case ENTRIES -> entries;
      case TAGS -> tags;
      case EXPIRY -> expiry;
    };
  }
}
