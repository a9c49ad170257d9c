package io.nadb.internal.log.append;

/**
 * How much of what a log was is kept: what is younger than a time, but no more than so many bytes
 * of log.
 *
 * @param millis for how long; {@link Long#MAX_VALUE}: no matter how old
 * @param bytes how long the part of the log may be that compaction leaves alone; {@link
 *     Long#MAX_VALUE}: however long
 */
public record HistoryWindow(long millis, long bytes) {

  /** Whether something of that time has been outlived, by a clock that says {@code now}. */
  public boolean isOver(long time, long now) {
    return millis != Long.MAX_VALUE && time <= now - millis;
  }
}
