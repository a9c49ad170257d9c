package io.nadb.internal.watch;

import io.nadb.NadbException;
import io.nadb.StoreStats;

/** What an open store shows to those who watch it, and does for them. */
public interface WatchedStore {

  /** Its figures, without waiting for anything. */
  StoreStats stats();

  /**
   * Makes durable what is buffered.
   *
   * @throws NadbException if the backend fails; nothing is lost then
   */
  void flush();

  /** Removes what has expired in all namespaces; returns how many entries. */
  int cleanupExpired();
}
