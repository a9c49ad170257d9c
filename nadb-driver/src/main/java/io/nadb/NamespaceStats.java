package io.nadb;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What has been done with one namespace of a location, by all handles on it together; each figure
 * counted as the one of that name in {@link StoreStats}, where those of all namespaces are summed
 * up. They only ever grow while the location is open, and begin at zero when it is opened. What
 * other processes do with a store that they share is not in them.
 *
 * <p>Immutable, and equal to others with the same figures. Later versions may have more of them.
 *
 * @since 0.1.0
 */
public final class NamespaceStats {
  private final NamespaceStatsBuilder figures;

  /** Takes the figures, which nobody changes any more. */
  NamespaceStats(NamespaceStatsBuilder figures) {
    this.figures = figures;
  }

  /**
   * Begins figures that are zero where nothing else is said; for those who implement a {@link
   * KeyValueStore}, as a test may do.
   */
  public static NamespaceStatsBuilder builder() {
    return new NamespaceStatsBuilder();
  }

  /** How many entries were set. */
  public long sets() {
    return figures.sets;
  }

  /** How many entries users removed, one by one or by clearing the namespace. */
  public long deletes() {
    return figures.deletes;
  }

  /** How many reads of a value there were. */
  public long gets() {
    return hits() + misses();
  }

  /** How many of them found one. */
  public long hits() {
    return figures.hits;
  }

  /**
   * How many of them found none; but for those before the first value was set or found here since
   * the store was opened, which {@link StoreStats#misses} alone has.
   */
  public long misses() {
    return figures.misses;
  }

  /** Returns all figures by the names of their methods, as those return them. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sets", figures.sets);
    map.put("deletes", figures.deletes);
    map.put("gets", gets());
    map.put("hits", figures.hits);
    map.put("misses", figures.misses);
    return map;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamespaceStats stats && asMap().equals(stats.asMap());
  }

  @Override
  public int hashCode() {
    return asMap().hashCode();
  }

  @Override
  public String toString() {
    return "NamespaceStats" + asMap();
  }
}
