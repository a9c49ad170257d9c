package io.nadb.spi;

import io.nadb.KeyVersion;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where cuts go and entries are read from: everything below the write buffer.
 *
 * <p><b>Threads.</b> {@link #apply}, {@link #sync} and {@link #close} are called by one thread at a
 * time; {@link #maintain} by one thread at a time, possibly together with {@code apply}; all else
 * by any number of threads at any time.
 *
 * <p><b>Failure.</b> After {@code apply} or {@code sync} has thrown, the caller's next call is an
 * {@code apply} of a cut that holds everything since the last success of {@code sync} (or of an
 * {@code apply} with {@code sync}); until then the caller answers reads of those keys itself. The
 * backend must see to it that neither the failed cut nor those that were not synced are found after
 * a crash unless in whole and in order.
 *
 * <p>Read methods return expired entries where they don't take the time; the caller filters them.
 * {@link #value}, {@link #entry} and {@link #read} give what is there when they are called; all
 * that concerns more than one entry is asked of a {@link #view}.
 *
 * @since 0.1.0
 */
public interface StorageBackend extends AutoCloseable {

  /** What {@link #maintain} returns if there is more to do now. */
  long AT_ONCE = Long.MIN_VALUE;

  /**
   * The sequence number of the last cut found when the backend was opened; 0 if there is none.
   * Empty if the backend keeps no numbers, and they begin anew at each open: because others write
   * to it too, or because it forgets all when it is closed.
   */
  OptionalLong recoveredSequence();

  /** How many bytes a value may have. */
  default int maxValueBytes() {
    return Integer.MAX_VALUE;
  }

  /**
   * Whether cuts may have touches ({@link Write#isTouch}). Their values need not be in them: each
   * touches the entry that the backend has of its key by then, and one that the caller has not got
   * any more is there for sure. Without this, the caller reads the value and writes a whole entry.
   */
  default boolean takesTouches() {
    return false;
  }

  /** Whether it is only read: then {@link #apply} is never called, and {@link #refresh} may be. */
  default boolean isReadOnly() {
    return false;
  }

  /** Lets those who read see something newer. */
  interface Publisher {

    /**
     * Runs a change, at once and on this thread, at a moment at which nobody opens a view.
     *
     * @param sequence the number of the last write that can be seen after it
     * @param change makes it visible
     */
    void publish(long sequence, Runnable change);
  }

  /**
   * Looks what others have made durable since, for a backend that is only read; called by any
   * thread. If it fails, what can be seen stays as it is.
   *
   * @param publisher has what was found be seen
   */
  default void refresh(Publisher publisher) throws IOException {
    throw new UnsupportedOperationException("what this backend has, nobody else writes");
  }

  /**
   * Applies a cut, whole or not at all. Its writes are visible to readers before this returns.
   *
   * @param sync whether it is durable when this returns; if not, it need only survive the death of
   *     the process
   */
  void apply(Cut cut, boolean sync) throws IOException;

  /** Makes durable what has been applied. */
  void sync() throws IOException;

  /**
   * Checks that the location is still this backend's own, for a caller that has nothing to flush:
   * what was made durable earlier must be there, too.
   *
   * @throws LocationLostException if it is not
   */
  default void checkLocation() throws IOException {}

  /**
   * Returns an entry's value, as an array of the caller's own; null if there is none or it has
   * expired.
   *
   * @param now the time, to be asked only if the entry can expire
   */
  byte @Nullable [] value(String namespace, String key, LongSupplier now) throws IOException;

  /** Returns what is known of an entry, or null if there is none. */
  @Nullable StoredEntry entry(String namespace, String key) throws IOException;

  /**
   * Returns an entry together with its value, both of the same write; null if there is none. An
   * entry that has expired is returned if that takes no look at the time.
   */
  @Nullable StoredValue read(String namespace, String key) throws IOException;

  /**
   * Opens a view of what this holds now, for questions about many entries; at once, without waiting
   * for the disk or for a cut that is being applied. Entries with larger sequence numbers than the
   * given one never show in it.
   *
   * <p>The caller sees to it that no cut is handed over or forgotten meanwhile, and answers for the
   * keys itself whose latest write up to {@code sequence} has not been applied for sure: of such a
   * key, the view may show either entry.
   *
   * @param sequence the number of the last write before the moment of the view
   */
  BackendView view(long sequence);

  /** Whether {@link #viewAt} shows what this held earlier. */
  default boolean hasHistory() {
    return false;
  }

  /**
   * Opens a view of what this held after the last cut that was applied by a time; takes as long as
   * it takes.
   *
   * @param time in milliseconds since 1970
   * @throws io.nadb.HistoryLostException if that is not kept
   * @throws IllegalArgumentException if the time is still to come
   * @throws UnsupportedOperationException if this has no history
   */
  default PastView viewAt(long time) throws IOException {
    throw new UnsupportedOperationException("this backend keeps nothing of what it was");
  }

  /**
   * Returns the versions of a key that this has, the newest first.
   *
   * @param limit how many at most
   * @throws UnsupportedOperationException if this has no history
   */
  default List<KeyVersion> versions(String namespace, String key, int limit) throws IOException {
    throw new UnsupportedOperationException("this backend keeps nothing of what it was");
  }

  /**
   * Returns entries that have expired at {@code now}, the earliest first.
   *
   * @param namespace the namespace, or null for all
   * @param limit how many at most
   */
  List<ExpiredKey> expired(@Nullable String namespace, long now, int limit) throws IOException;

  /** How far a backend is from answering a query at once. */
  enum Progress {
    /** It can be asked. */
    READY,
    /** A step has been done, and there are more. */
    MORE,
    /** Somebody else is at it. */
    BUSY
  }

  /**
   * Does a bounded step, of a few milliseconds, towards answering {@link #expired} at once; for the
   * sync thread, which must not be kept from the next flush.
   */
  default Progress prepareExpired() throws IOException {
    return Progress.READY;
  }

  /**
   * Gets ready for the questions that a {@link #view} answers, however long it takes; for callers
   * who are about to ask while they keep flushes waiting.
   */
  default void prepareQueries() throws IOException {}

  /** What the thread that does background work finds besides it. */
  enum Load {
    /** Something waits for the thread: only what can't wait is done. */
    BUSY,
    /** Nothing waits. */
    IDLE,
    /** Nothing has been written for a while: memory that is kept to be fast is given back, too. */
    ASLEEP
  }

  /**
   * Does a bounded step of background work, of a few milliseconds.
   *
   * @return when to go on, on the monotonic clock: {@link #AT_ONCE} if there is more to do, {@link
   *     Long#MAX_VALUE} if there is nothing, and a time if the work rests, so as not to take the
   *     machine for itself
   */
  long maintain(Load load) throws IOException;

  /**
   * The earliest time at which an entry expires, in milliseconds since 1970: exact or too early;
   * {@link Long#MAX_VALUE} if none expires, {@link Long#MIN_VALUE} if that is not known, so that
   * {@link #expired} has to be asked now and then. Entries whose deletion has not been applied
   * count.
   */
  default long earliestExpiry() {
    return Long.MIN_VALUE;
  }

  /**
   * Returns the names of all namespaces that have entries, and maybe of some that have none any
   * more.
   *
   * @throws UnsupportedOperationException if that can't be told
   */
  default Set<String> namespaces() throws IOException {
    throw new UnsupportedOperationException("this backend does not tell which namespaces it has");
  }

  /**
   * Whether there are files, which {@link #pinFiles} keeps and, unless this is only read, {@link
   * #compact} makes smaller.
   */
  default boolean hasFiles() {
    return false;
  }

  /**
   * Keeps the files as they are: all that has been applied is in them, and no cut is being applied.
   *
   * @throws UnsupportedOperationException if there are no files
   */
  default PinnedFiles pinFiles() throws IOException {
    throw new UnsupportedOperationException("this backend has no files");
  }

  /**
   * Asks for a compaction of all that has been applied by now, all of which has been synced, and
   * during this call nothing is applied. The work is done by {@link #maintain}.
   *
   * @throws UnsupportedOperationException if there are no files, or they are only read
   */
  default CompactionRequest compact() throws IOException {
    throw new UnsupportedOperationException("this backend has no files to be compacted");
  }

  /**
   * Whether reads of single entries are answered from memory, as far as this is known: who must not
   * wait for a disk or a server asks on its own thread then. May change.
   */
  default boolean isInMemory() {
    return false;
  }

  /** The cuts that have been applied, in their order; empty if they are not kept. */
  default Optional<CutLog> cuts() {
    return Optional.empty();
  }

  /**
   * Where writes are kept until this has them, if it may be out of reach; then their callers wait
   * for that, and not for {@link #apply}. Always the same.
   */
  default Optional<Journal> journal() {
    return Optional.empty();
  }

  /** Returns the figures, without waiting for anything. */
  BackendStats stats();

  /** Releases everything. What was applied but not synced is made durable first, if possible. */
  @Override
  void close() throws IOException;
}
