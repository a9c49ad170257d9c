package io.nadb.internal.log.append;

import io.nadb.internal.codec.Codec;
import org.jspecify.annotations.Nullable;

/**
 * How the fs engine lays out its files.
 *
 * @param segmentBytes how long a segment becomes, unless a single cut is longer
 * @param codec how values are compressed
 * @param metadata whether a metadata database is kept
 * @param memoryBytes how much of the log the store counts on having in memory; a longer log is read
 *     by position
 * @param history what is kept of the past; null if compaction takes all
 */
public record LogSettings(
    long segmentBytes,
    Codec codec,
    boolean metadata,
    long memoryBytes,
    @Nullable HistoryWindow history) {

  /** Settings of a log that keeps nothing of the past. */
  public LogSettings(long segmentBytes, Codec codec, boolean metadata, long memoryBytes) {
    this(segmentBytes, codec, metadata, memoryBytes, null);
  }
}
