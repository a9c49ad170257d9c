package io.nadb;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Figures of a location, shared by all handles and namespaces on it; counters only ever grow while
 * the location is open, and begin at zero when it is opened.
 *
 * @param state how the store is doing
 * @param bufferedBytes bytes that a crash of the process would lose now: keys, values and tags, an
 *     entry counting as 64 bytes at least
 * @param bufferedKeys keys that a crash of the process would lose now
 * @param bufferLimitBytes the {@code buffer} option; writers wait at twice this
 * @param bufferedAge how long ago the oldest write was made that a crash of the process would lose
 *     now; zero if there is none
 * @param sequence the latest write's sequence number
 * @param durableSequence all writes up to this one are durable
 * @param sets how many entries were set
 * @param deletes how many entries users removed, one by one or by clearing a namespace
 * @param gets how many reads of a value there were
 * @param hits how many of them found one
 * @param misses how many of them found none
 * @param expired how many entries were removed because they had expired
 * @param flushCount how many flushes made something durable
 * @param flushFailures how many flushes failed
 * @param flushedKeys how many keys were flushed
 * @param flushedBytes how many bytes, counted as {@code bufferedBytes}, were flushed
 * @param stalls how many writes had to wait because the buffer was at its hard cap
 * @param lastFlushCause why the latest successful flush took place
 * @param lastFlushTime when the latest successful flush ended
 * @param lastFailure what the latest failed flush said, which stays when a later flush succeeds; or
 *     what is wrong with the background work now
 * @param keys how many keys the backend holds in all namespaces, expired ones included until they
 *     are swept; 0, as for the bytes, from a backend that does not count them
 * @param liveBytes bytes on disk that belong to a current entry
 * @param totalBytes bytes on disk in all
 * @param compactions how many times the backend has rewritten files to give space back
 * @param metadataLag how far the metadata database is behind the log, in sequence numbers
 * @param metadataFailure why the metadata database is not kept up; empty while it is
 * @param sweepLag for how long the sweep has been due that is not done yet; zero if none is
 */
public record StoreStats(
    StoreState state,
    long bufferedBytes,
    long bufferedKeys,
    long bufferLimitBytes,
    Duration bufferedAge,
    long sequence,
    long durableSequence,
    long sets,
    long deletes,
    long gets,
    long hits,
    long misses,
    long expired,
    long flushCount,
    long flushFailures,
    long flushedKeys,
    long flushedBytes,
    long stalls,
    Optional<FlushCause> lastFlushCause,
    Optional<Instant> lastFlushTime,
    Optional<String> lastFailure,
    long keys,
    long liveBytes,
    long totalBytes,
    long compactions,
    long metadataLag,
    Optional<String> metadataFailure,
    Duration sweepLag) {

  /** Bytes on disk that belong to no current entry: what compaction has not given back yet. */
  public long garbageBytes() {
    return totalBytes - liveBytes;
  }
}
