package io.nadb.spi;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@link BackendView} notes of how it has answered a question, for {@link
 * io.nadb.Query#explain}; used by one thread.
 *
 * @since 0.1.0
 */
public final class SearchTrace {
  private final Map<String, Long> lists = new LinkedHashMap<>();
  private long read;

  /** Creates one in which nothing is noted. */
  public SearchTrace() {}

  /** Notes that a list was used, which leads to so many entries. */
  public void uses(String list, long entries) {
    lists.merge(list, entries, Math::max);
  }

  /** Notes that so many records were read. */
  public void read(long records) {
    read += records;
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
