package io.nadb;

/**
 * Puts {@link NamespaceStats} together, each figure by the name that it has there; {@code gets} is
 * the sum of {@code hits} and {@code misses}. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class NamespaceStatsBuilder implements Cloneable {
  long sets;
  long deletes;
  long hits;
  long misses;

  NamespaceStatsBuilder() {}

  public NamespaceStatsBuilder sets(long sets) {
    this.sets = sets;
    return this;
  }

  public NamespaceStatsBuilder deletes(long deletes) {
    this.deletes = deletes;
    return this;
  }

  public NamespaceStatsBuilder hits(long hits) {
    this.hits = hits;
    return this;
  }

  public NamespaceStatsBuilder misses(long misses) {
    this.misses = misses;
    return this;
  }

  /** Returns the figures; what is set afterwards does not change them. */
  public NamespaceStats build() {
    return new NamespaceStats(clone());
  }

  @Override
  protected NamespaceStatsBuilder clone() {
    try {
      return (NamespaceStatsBuilder) super.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e); // It is supported.
    }
  }
}
