package io.nadb.spi;

import java.time.Duration;

/**
 * How far a compaction has come that was asked for, and what has come of it. Bytes are those of the
 * log's files, without hints and without room that is taken in advance. More may come, with
 * defaults.
 *
 * @since 0.1.0
 */
public interface CompactionFigures {

  /** How many bytes have been looked at. */
  long bytesDone();

  /** How many bytes are to be looked at. */
  long bytesTotal();

  /** For how long it has been running, or ran. */
  Duration duration();

  /** How many files have been rewritten. */
  int rewritten();

  /** How many files the log had when it began. */
  int segmentsBefore();

  /** How many files the log has, or had when it ended. */
  int segmentsAfter();

  /** How long these were when it began. */
  long bytesBefore();

  /** How long these are, or were when it ended. */
  long bytesAfter();

  /** How long files are that have garbage, and were left alone since the history needs them. */
  long heldByHistory();

  /** How long files are that have garbage, and were left alone since open feeds need them. */
  long heldByFeeds();
}
