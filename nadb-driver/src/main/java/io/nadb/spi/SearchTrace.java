package io.nadb.spi;

import io.nadb.NadbException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@link BackendView} notes of how it has answered a question, for {@link
 * io.nadb.Query#explain}; used by one thread.
 *
 * @since 0.1.0
 */
public final class SearchTrace {
  /** So many records are read in a twentieth of a second, about. */
  private static final long UNMINDED = 1 << 16;

  private final Map<String, Long> lists = new LinkedHashMap<>();
  private final boolean interruptible;
  private long read;

  /** How many had been read when the thread was looked at last. */
  private long minded;

  /** Creates one in which nothing is noted. */
  public SearchTrace() {
    this(false);
  }

  private SearchTrace(boolean interruptible) {
    this.interruptible = interruptible;
  }

  /** Creates one that ends a long search when its thread is interrupted. */
  public static SearchTrace interruptible() {
    return new SearchTrace(true);
  }

  /** Notes that a list was used, which leads to so many entries. */
  public void uses(String list, long entries) {
    lists.merge(list, entries, Math::max);
  }

  /**
   * Notes that so many records were read. To be told now and then by whoever reads many: that may
   * end the search.
   *
   * @throws NadbException if the thread is interrupted, which it stays, and many have been read
   */
  public void read(long records) {
    read += records;
    if (interruptible && read - minded >= UNMINDED) {
      minded = read;
      if (Thread.currentThread().isInterrupted()) {
        throw new NadbException(
            "the query was interrupted, after it had read " + read + " records; ask again");
      }
    }
  }

  /** The lists that were used, with how many entries each leads to. */
  public Map<String, Long> lists() {
    return lists;
  }

  /** How many records were read. */
  public long recordsRead() {
    return read;
  }
}
