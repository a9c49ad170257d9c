package io.nadb.jmx;

import java.util.HashMap;
import java.util.Map;

/**
 * What attributes and operations mean, in a sentence each, for every tool that shows them.
 *
 * @since 0.1.0
 */
public final class Descriptions {
  private static final Map<String, String> TEXTS = new HashMap<>();

  static {
    describe("Name", "The store's name: its option name, or made from its URL.");
    describe("Url", "How the store was opened, with credentials masked.");
    describe(
        "State",
        "HEALTHY, READ_ONLY (access=read), DEGRADED (the last flush failed, is retried) or CLOSED.");
    describe("Degraded", "Whether the state is DEGRADED: true, or 1.");
    describe("BufferedBytes", "Bytes that a crash of the process would lose now.");
    describe("BufferedKeys", "Keys that a crash of the process would lose now.");
    describe("BufferLimitBytes", "The option buffer in bytes; writers wait at twice this.");
    describe("BufferedAgeMillis", "How long ago the oldest write at risk was made, in ms.");
    describe("Sequence", "The latest write's sequence number.");
    describe("DurableSequence", "The sequence number up to which all writes are durable.");
    describe("Sets", "Entries set since the store was opened.");
    describe("Deletes", "Entries that users removed since the store was opened.");
    describe("Gets", "Reads of a value since the store was opened.");
    describe("Hits", "Reads that found a value.");
    describe("Misses", "Reads that found no value.");
    describe("Expired", "Entries removed because they had expired.");
    describe("FlushCount", "Flushes that made something durable.");
    describe("FlushFailures", "Flushes that failed; they are retried.");
    describe("FlushedKeys", "Keys that were flushed.");
    describe("FlushedBytes", "Bytes that were flushed.");
    describe("Stalls", "Writes that had to wait for room in the buffer.");
    describe("LastFlushCause", "Why the latest flush was done; empty before the first.");
    describe("LastFlushTime", "When the latest successful flush ended; none before the first.");
    describe("LastFailure", "What the latest failure said; empty if there was none.");
    describe("FlushLatency", "How long flushes took, in ms, since the agent has seen the store.");
    describe("Keys", "Keys that the backend holds, expired ones included until a sweep.");
    describe("LiveBytes", "Bytes on disk that belong to a current entry.");
    describe("TotalBytes", "Bytes on disk in all.");
    describe("GarbageBytes", "Bytes on disk that belong to no current entry.");
    describe("Compactions", "How often files were rewritten to give space back.");
    describe("MetadataLag", "How many writes the metadata database is behind.");
    describe("MetadataFailure", "Why the metadata database is not kept up; empty while it is.");
    describe("EvictedKeys", "Keys that a Redis server has taken away when its memory was full.");
    describe("IndexRebuilds", "How often indexes on Redis were made anew.");
    describe("ConnectionWaits", "Calls that waited for a connection to a Redis server.");
    describe("ConnectionTimeouts", "Calls that had no connection, or no answer, in time.");
    describe("ConnectionsMade", "Connections that have been made to Redis servers.");
    describe("NearHits", "Reads that were answered from what is kept near of a Redis server.");
    describe("NearMisses", "Reads that had to ask the server, though entries are kept near.");
    describe("NearEvictions", "Entries kept near that had to go for want of room.");
    describe("NearInvalidations", "Keys of which the Redis server has told that they changed.");
    describe("NearLosses", "How often the Redis server was not heard, and all that was near went.");
    describe("NearBytes", "Memory that is taken by what is kept near, in bytes.");
    describe("NearLagMillis", "How old what is answered from near may be, at most, in ms.");
    describe("NearFailure", "Why nothing is kept near now; empty while it is.");
    describe("AsyncCalls", "Calls under way that nobody waits for.");
    describe("AsyncRefusals", "Such calls that were refused, since too many were under way.");
    describe("SweepLagMillis", "For how long the sweep has been due that is not done, in ms.");
    describe("OpenSnapshots", "Snapshots that are open.");
    describe("OldestSnapshotAgeMillis", "For how long the oldest of them has been open, in ms.");
    describe("SnapshotBytes", "What is kept because snapshots are open, in memory and of files.");
    describe("OpenFeeds", "Feeds of changes that are open.");
    describe("FeedLag", "Durable writes that the slowest of them has still to take.");
    describe("FeedBytes", "Garbage that is kept because feeds have still to read what it is in.");
    describe("HistoryAgeMillis", "How far back the store can be shown as it was, in ms.");
    describe("HistoryBytes", "How much of the log is younger than that, and left as it is.");
    describe("PendingRemovals", "Removals that listeners have yet to be told of.");
    describe("ListenerFailures", "How often listeners to removals have thrown.");
    describe("configuration", "The options that hold, with where each comes from.");
    describe("flush", "Makes durable what is buffered; needs jmx=rw.");
    describe("cleanupExpired", "Removes what has expired; needs jmx=rw.");
    describe("resetStats", "Lets FlushLatency begin anew; needs jmx=rw.");
    describe("Running", "Whether the background thread is alive: true, or 1.");
    describe("Stores", "The stores that are open.");
    describe("Stalled", "Stores whose background work has been hanging for a second or longer.");
    describe("StalledCount", "How many stores' background work has been hanging for a second.");
    describe("Rounds", "How often the background thread has looked for due work.");
    describe("Failures", "How often a store's background work failed unexpectedly.");
    describe("Takeovers", "How often a second thread took over from one that hung.");
    describe("Replacements", "How often a background thread that had died was replaced.");
    describe("LagMillis", "By how much the latest due work was late, in ms.");
    describe("MaxLagMillis", "By how much due work was late at most, in ms.");
    describe("AgentVersion", "The version of the agent.");
    describe("DriverVersions", "The versions of the drivers that were seen.");
    describe("Writable", "Whether operations may be called: jmx=rw.");
    describe("OpenStores", "How many stores are open.");
    describe("OpenedStores", "How many stores were opened.");
    describe("ClosedStores", "How many stores were closed.");
  }

  private Descriptions() {}

  private static void describe(String name, String text) {
    TEXTS.put(name, text);
  }

  /** Says what an attribute or operation of that name is; its name if that is not known. */
  public static String of(String name) {
    return TEXTS.getOrDefault(name, name);
  }
}
