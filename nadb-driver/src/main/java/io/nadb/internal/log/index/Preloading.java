package io.nadb.internal.log.index;

/**
 * Loads what is about to be needed, so that memory is waited for once for many instead of once for
 * each: the loads do not depend on each other. Used by one thread.
 */
public final class Preloading {
  /** So many at once keep the memory busy, and are still in the cache when they are needed. */
  public static final int BATCH = 64;

  /** Read by nobody: because it depends on what is loaded, no compiler leaves that out. */
  @SuppressWarnings("UnusedVariable")
  private long loaded;

  /**
   * Loads the slots of some keys; {@link #BATCH} at most are of use.
   *
   * @param firsts the first words of the slots
   */
  public void slots(KeyIndex index, long[] firsts, int from, int to) {
    loaded ^= index.preload(firsts, from, to);
  }

  /**
   * Takes what some loads have come to.
   *
   * @param sum something that depends on all that was loaded
   */
  public void done(long sum) {
    loaded ^= sum;
  }
}
