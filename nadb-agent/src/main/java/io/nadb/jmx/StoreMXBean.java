package io.nadb.jmx;

import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code io.nadb:type=Store,name=…}: an open store. Attributes are named as the components of
 * {@code io.nadb.StoreStats} and mean the same; a number that the driver does not know is -1.
 *
 * @since 0.1.0
 */
public interface StoreMXBean {

  /** The store's name. */
  String getName();

  /** How it was opened, with credentials masked. */
  String getUrl();

  /** HEALTHY, READ_ONLY (access=read), DEGRADED (the last flush failed, is retried) or CLOSED. */
  String getState();

  /** Whether the state is DEGRADED, for tools that take numbers only. */
  boolean isDegraded();

  /** Bytes that a crash of the process would lose now. */
  long getBufferedBytes();

  /** Keys that a crash of the process would lose now. */
  long getBufferedKeys();

  /** The option {@code buffer}; writers wait at twice this. */
  long getBufferLimitBytes();

  /** How long ago the oldest write was made that a crash would lose now; 0 if there is none. */
  long getBufferedAgeMillis();

  /** The latest write's sequence number. */
  long getSequence();

  /** All writes up to this one are durable. */
  long getDurableSequence();

  /** How many entries were set. */
  long getSets();

  /** How many entries users removed. */
  long getDeletes();

  /** How many reads of a value there were. */
  long getGets();

  /** How many of them found one. */
  long getHits();

  /** How many of them found none. */
  long getMisses();

  /** How many entries were removed because they had expired. */
  long getExpired();

  /** How many flushes made something durable. */
  long getFlushCount();

  /** How many flushes failed. */
  long getFlushFailures();

  /** How many keys were flushed. */
  long getFlushedKeys();

  /** How many bytes were flushed. */
  long getFlushedBytes();

  /** How many writes had to wait because the buffer was at its hard cap. */
  long getStalls();

  /** SIZE, INTERVAL, EXPLICIT, DURABILITY, RETRY, CLOSE or SHUTDOWN; empty before the first. */
  String getLastFlushCause();

  /** When the latest successful flush ended; null before the first. */
  @SuppressWarnings("JavaUtilDate") // the only time that MBeans can tell and tools show as one
  @Nullable Date getLastFlushTime();

  /** What the latest failed flush said; empty if none has failed. */
  String getLastFailure();

  /** How long flushes took; all 0 with the agent's option {@code percentiles=off}. */
  FlushLatency getFlushLatency();

  /** How many keys the backend holds. */
  long getKeys();

  /** Bytes on disk that belong to a current entry. */
  long getLiveBytes();

  /** Bytes on disk in all. */
  long getTotalBytes();

  /**
   * Bytes on disk that belong to no current entry: how far compaction is behind. It is due when
   * these are most of a file.
   */
  long getGarbageBytes();

  /** How many times the backend has rewritten files to give space back. */
  long getCompactions();

  /** How far the metadata database is behind the log, in sequence numbers. */
  long getMetadataLag();

  /** Why the metadata database is not kept up; empty while it is. */
  String getMetadataFailure();

  /** How many keys a Redis server has taken away because its memory was full. */
  long getEvictedKeys();

  /** How many times indexes on Redis were made anew, since some may have been lost. */
  long getIndexRebuilds();

  /** How many calls on Redis have waited for a connection, since all were in use. */
  long getConnectionWaits();

  /** How many calls on Redis had no connection, or no answer, in time. */
  long getConnectionTimeouts();

  /** How many connections have been made to Redis servers so far. */
  long getConnectionsMade();

  /** How many reads were answered from what is kept near of a Redis server's entries. */
  long getNearHits();

  /** How many reads of such a store had to ask the server. */
  long getNearMisses();

  /** How many entries that were kept near had to go for want of room. */
  long getNearEvictions();

  /** How many times the server has told of a key that had changed. */
  long getNearInvalidations();

  /** How many times the server was no longer heard, so that all that was kept near went. */
  long getNearLosses();

  /** How many bytes of memory is taken by what is kept near, nearly. */
  long getNearBytes();

  /** How old what is kept near may be, at most; 0 if nothing is. */
  long getNearLagMillis();

  /** Why nothing is kept near, though it is to be; empty if it is. */
  String getNearFailure();

  /** How many calls that nobody waits for are under way. */
  long getAsyncCalls();

  /** How many such calls were refused, since too many others were under way. */
  long getAsyncRefusals();

  /** For how long the sweep has been due that is not done yet. */
  long getSweepLagMillis();

  /** How many removals listeners have yet to be told of. */
  long getPendingRemovals();

  /** How often listeners to removals have thrown. */
  long getListenerFailures();

  /** How many snapshots are open. */
  long getOpenSnapshots();

  /** For how long the oldest open snapshot has been open. */
  long getOldestSnapshotAgeMillis();

  /** How many bytes are kept, in memory and of files, because snapshots are open. */
  long getSnapshotBytes();

  /** How many feeds of changes are open. */
  long getOpenFeeds();

  /** How many durable writes the slowest of them has still to take. */
  long getFeedLag();

  /** How many bytes of garbage are kept because open feeds have still to read what it is in. */
  long getFeedBytes();

  /** How far back the store can be shown as it was; 0 if it keeps no history. */
  long getHistoryAgeMillis();

  /** How many bytes of the log are younger than that. */
  long getHistoryBytes();

  /** The options that hold, with where each comes from. */
  List<OptionSetting> configuration();

  /** Makes durable what is buffered; returns the number of flushes so far. Needs jmx=rw. */
  long flush();

  /** Removes what has expired; returns how many entries. Needs jmx=rw. */
  long cleanupExpired();

  /** Lets FlushLatency begin anew; the driver's counters only ever grow. Needs jmx=rw. */
  void resetStats();
}
