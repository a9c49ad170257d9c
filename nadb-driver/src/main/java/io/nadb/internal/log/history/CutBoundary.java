package io.nadb.internal.log.history;

/**
 * Where a cut ends in a log.
 *
 * @param number which of the {@link RetainedCuts#parts} it is in, from 0 on
 * @param end where its closing record ends in that segment
 * @param sequence its sequence number
 * @param time when it was made, in milliseconds since 1970
 */
public record CutBoundary(int number, long end, long sequence, long time) {}
