package io.nadb.internal.store;

import io.nadb.spi.Commit;
import org.jspecify.annotations.Nullable;

/** How transactions reach the server that decides them. */
interface ServerAccess {

  /** Reads an entry, after all that this store has written to it. */
  Commit.Seen look(Commit.Name name, boolean withValue);

  /**
   * Refuses two keys that the server can't change in one step.
   *
   * @throws IllegalArgumentException if it can't
   */
  void checkTogether(Commit.Name one, Commit.Name other);

  /** Has the server make all writes, or, if there are none, compare what was read. */
  Answer commit(Commit commit);

  /** The number of the last write that the server has of this store. */
  long sequence();

  /**
   * What came of a commit.
   *
   * @param changed what is not as it was read, so that nothing was written; null if all is
   * @param last the number of the last write that the server has of this store
   */
  record Answer(Commit.@Nullable Name changed, long last) {}
}
