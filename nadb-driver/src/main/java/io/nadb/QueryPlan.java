package io.nadb;

import java.util.Map;

/**
 * How a query was answered: which lists were gone through, and how much was read. Its text is for
 * people.
 *
 * @since 0.1.0
 */
public interface QueryPlan {

  /**
   * The lists that were used, each with how many entries it leads to, outdated ones included: that
   * of a tag, as {@code tag 'red'}; that of all keys in order, {@code keys}; or, if there is no
   * list that could help, all that there is, {@code log} or {@code all entries}. Unmodifiable.
   */
  Map<String, Long> lists();

  /** How many records of the backend were read: without their values. */
  long recordsRead();

  /** How many writes that had not been flushed were looked at. */
  long bufferedRead();

  /** How many entries were found, of those that the limit allows. */
  long hits();
}
