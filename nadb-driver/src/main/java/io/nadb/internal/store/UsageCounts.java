package io.nadb.internal.store;

import io.nadb.NamespaceStats;
import io.nadb.StoreStatsBuilder;
import io.nadb.spi.Change;
import io.nadb.spi.Commit;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what users do with each namespace of a store. The store's own figures are the sums, so
 * that nothing is counted twice.
 */
final class UsageCounts {
  private final ConcurrentHashMap<String, NamespaceCounts> byNamespace = new ConcurrentHashMap<>();

  /** Of namespaces in which nothing has been found or set: whoever asks for many leaves nothing. */
  private final NamespaceCounts unknown = new NamespaceCounts();

  /** The counts of a namespace, from its first use on. */
  NamespaceCounts of(String namespace) {
    NamespaceCounts counts = byNamespace.get(namespace);
    return counts == null
        ? byNamespace.computeIfAbsent(namespace, name -> new NamespaceCounts())
        : counts;
  }

  /** Counts reads of values, of which so many were found. */
  void read(String namespace, long wanted, long found) {
    NamespaceCounts counts = byNamespace.get(namespace);
    if (counts == null) {
      counts = found == 0 ? unknown : of(namespace);
    }
    counts.read(wanted, found);
  }

  /** Counts a change that was made. */
  void changed(String namespace, Change change) {
    of(namespace).written(change instanceof Change.Remove);
  }

  /** Counts the writes of a transaction that a server has made. */
  void committed(Commit commit) {
    commit
        .writes()
        .forEach((name, intent) -> of(name.namespace()).written(intent.write().isDelete()));
  }

  /** The figures of a namespace. */
  NamespaceStats stats(String namespace) {
    NamespaceCounts counts = byNamespace.get(namespace);
    return counts == null ? NamespaceStats.builder().build() : counts.stats();
  }

  /** Adds the sums of all namespaces to a store's statistics. */
  StoreStatsBuilder addTo(StoreStatsBuilder builder) {
    long sets = 0;
    long deletes = 0;
    long hits = 0;
    long misses = unknown.stats().misses();
    for (NamespaceCounts counts : byNamespace.values()) {
      NamespaceStats stats = counts.stats();
      sets += stats.sets();
      deletes += stats.deletes();
      hits += stats.hits();
      misses += stats.misses();
    }
    return builder.sets(sets).deletes(deletes).hits(hits).misses(misses);
  }
}
