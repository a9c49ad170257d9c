package io.nadb;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of binary values with tags and TTL, kept in a write buffer and flushed to a backend.
 *
 * <p><b>Visibility.</b> A write is visible to every reader of the store as soon as the call
 * returns, also while a flush is under way. An entry is gone when {@code now >= expiresAt}, in
 * every method, whether or not it has been swept yet.
 *
 * <p><b>One moment.</b> {@code keys}, {@code queryByTags} and {@code tags} show the store as it was
 * at one moment during the call: all writes up to one, and none after it, whatever is written,
 * flushed and swept meanwhile. What is replaced meanwhile is kept in memory until the call returns.
 *
 * <p><b>Atomic changes.</b> A method that changes an entry depending on what is there ({@code
 * setIfAbsent}, {@code replace}, {@code compute} and their like) does so in one step: no other
 * client of the store, on a server in another process either, writes between the look and the
 * change.
 *
 * <p><b>Durability.</b> A flush makes everything written before it durable as one atomic cut. After
 * a crash the store equals exactly one such cut. The {@code durability} option of the URL says what
 * every method that writes waits for: {@code buffered} (nothing, the default), {@code written} (the
 * operating system has the write: it survives the death of the process) or {@code synced} (the disk
 * has it: it survives a power cut).
 *
 * <p><b>Shared stores.</b> On a server that several processes write to ({@code nadb:redis:}), each
 * write goes out at once and is acknowledged by the server, unless the URL asks for a buffer; there
 * a cut is atomic for each entry, and not for all of them together. Listings and queries are no
 * snapshot there: they show each entry as it was at some moment during the call.
 *
 * <p><b>Keys</b> are non-empty strings of at most 64 KiB in UTF-8, without unpaired surrogates.
 * <b>Tags</b> are non-empty strings of at most 1 KiB in UTF-8, at most 1000 an entry. <b>Values</b>
 * are of 0 bytes to 1 GiB. Values are copied on the way in and on the way out. Times have
 * millisecond resolution; a TTL is rounded up to it.
 *
 * <p><b>Errors.</b> All methods throw {@link NullPointerException} for a null argument, {@link
 * IllegalArgumentException} for a key, tag, value or duration outside these limits, {@link
 * IllegalStateException} once the store is closed ({@code stats}, {@code namespaceStats}, {@code
 * name} and {@code url} go on answering), and {@link NadbException} when the world fails. An
 * argument that is refused changes nothing. All that write throw {@link NadbTimeoutException} if
 * the write buffer stayed at its hard cap for longer than the option {@code write-timeout} allows;
 * nothing is written then. A store that was opened with {@code access=read} refuses every write
 * with an {@link UnsupportedOperationException}.
 *
 * <p><b>Threads.</b> Any thread may call any method. Interrupting one never harms the store.
 *
 * @since 0.1.0
 */
public interface KeyValueStore extends AutoCloseable {

  /** As {@link #set(String, byte[], SetOptions)}, without tags and without TTL. */
  default long set(String key, byte[] value) {
    return set(key, value, SetOptions.none());
  }

  /**
   * Replaces the whole entry: value, tags and TTL, as {@code options} say. The entry's creation
   * time survives if the key exists.
   *
   * @return the write's sequence number, to be used with {@link #awaitDurable}
   */
  long set(String key, byte[] value, SetOptions options);

  /** Returns a copy of the key's value, or empty if there is no such key. */
  Optional<byte[]> get(String key);

  /** Tells whether the key exists. */
  boolean contains(String key);

  /**
   * Removes the entry.
   *
   * @return whether the key existed; if not, nothing is written
   */
  boolean delete(String key);

  /** Returns what is known of the key's entry besides its value, or empty if there is none. */
  Optional<EntryMetadata> metadata(String key);

  /** Returns the key's entry, metadata and value of one moment, or empty if there is none. */
  Optional<Entry> entry(String key);

  /**
   * Returns the values of those of the keys that exist, as copies, in the order of {@code keys},
   * all of one moment with {@link StoreCapability#ONE_MOMENT}; unmodifiable.
   */
  Map<String, byte[]> getAll(Collection<String> keys);

  /** As {@link #setAll(Map, SetOptions)}, without tags and without TTL. */
  default long setAll(Map<String, byte[]> entries) {
    return setAll(entries, SetOptions.none());
  }

  /**
   * Replaces whole entries, each as {@code options} say, all of them or none: in one transaction,
   * with its limits (256 MB; on a server 10,000 keys, on a cluster those of one partition) and with
   * what it throws.
   *
   * @param entries the values by their keys, which are copied
   * @return the sequence number of the last of these writes; of the last write before, if there are
   *     none
   */
  long setAll(Map<String, byte[]> entries, SetOptions options);

  /** As {@link #setIfAbsent(String, byte[], SetOptions)}, without tags and without TTL. */
  default boolean setIfAbsent(String key, byte[] value) {
    return setIfAbsent(key, value, SetOptions.none());
  }

  /**
   * Sets an entry if there is none.
   *
   * @return whether there was none; else nothing is written
   */
  boolean setIfAbsent(String key, byte[] value, SetOptions options);

  /** As {@link #setIfPresent(String, byte[], SetOptions)}, without tags and without TTL. */
  default boolean setIfPresent(String key, byte[] value) {
    return setIfPresent(key, value, SetOptions.none());
  }

  /**
   * Replaces an entry if there is one: value, tags and TTL, as {@code options} say; as {@code set},
   * which keeps the creation time.
   *
   * @return whether there was one; else nothing is written
   */
  boolean setIfPresent(String key, byte[] value, SetOptions options);

  /**
   * Replaces a value if it has the bytes that are expected; tags, TTL and creation time stay.
   *
   * @return whether it had; else, or if there is no such key, nothing is written
   */
  boolean replace(String key, byte[] expected, byte[] value);

  /**
   * Removes the entry if its value has the bytes that are expected.
   *
   * @return whether it had; else, or if there is no such key, nothing is written
   */
  boolean delete(String key, byte[] expected);

  /** As {@link #getAndSet(String, byte[], SetOptions)}, without tags and without TTL. */
  default Optional<byte[]> getAndSet(String key, byte[] value) {
    return getAndSet(key, value, SetOptions.none());
  }

  /**
   * Sets an entry and returns the value that it replaces.
   *
   * @return the value before, or empty if there was none
   */
  Optional<byte[]> getAndSet(String key, byte[] value, SetOptions options);

  /**
   * Removes an entry and returns its value.
   *
   * @return the value before, or empty if there was none, and nothing is written
   */
  Optional<byte[]> getAndDelete(String key);

  /**
   * Replaces a value by what a function makes of it; tags, TTL and creation time stay.
   *
   * <p>The function gets the value, or empty if there is none, and returns the new one, or empty to
   * remove the entry or to leave it absent. It runs again if somebody else has written the value
   * meanwhile, so it should do nothing but compute; the array that it gets is its own. What it
   * throws passes through, and nothing is written.
   *
   * @return what the function has returned when its value was written
   * @throws NullPointerException if the function returns null
   */
  Optional<byte[]> compute(String key, Function<Optional<byte[]>, Optional<byte[]>> function);

  /**
   * Adds to a number that is kept as decimal text ({@code -7}, {@code 0}, {@code 42}); no entry
   * counts as zero, and gets no tags and no TTL. Those of an entry stay, and so does its creation
   * time.
   *
   * @return the sum
   * @throws NumberFormatException if the value is no such text of a number of 64 bits; nothing is
   *     written
   * @throws ArithmeticException if the sum does not fit into 64 bits; nothing is written
   */
  long increment(String key, long delta);

  /**
   * Gives an entry a TTL that begins now, in place of the one that it has, if any. Value, tags and
   * the times of creation and update stay. What it costs does not depend on the value's size,
   * unless a backend of one's own does not know touches: the value is neither sent nor written.
   *
   * @return whether there is such a key
   * @throws IllegalArgumentException if {@code ttl} is zero or negative
   */
  boolean touch(String key, Duration ttl);

  /** Returns how many entries there are at one moment. */
  long size();

  /**
   * Returns the keys that begin with {@code prefix} (the empty string: all) at one moment, in key
   * order; unmodifiable.
   */
  List<String> keys(String prefix);

  /**
   * Returns the entries that have all the given tags at one moment, in key order: the order of
   * Unicode code points, which is that of the keys' UTF-8 bytes, and of {@link KeyOrder}.
   *
   * @throws IllegalArgumentException if no tag is given
   */
  List<EntryMetadata> queryByTags(String... tags);

  /** Begins a question for entries by tags, keys, sizes and times: all, until it says more. */
  Query query();

  /**
   * Returns each tag in use with how many entries have it, at one moment, in order; unmodifiable.
   */
  Map<String, Long> tags();

  /**
   * Removes all entries of this namespace, and no other's, in one atomic cut (in several, if the
   * keys alone have more than 256 MB); returns when that is durable.
   */
  void clear();

  /**
   * Runs a function as a transaction: what it reads and writes through its argument takes place
   * together or not at all, as if nobody else did anything meanwhile. Committed when the function
   * returns, as durable then as the option {@code durability} says.
   *
   * <p>If somebody else has changed what the function has read, it runs again with a new
   * transaction, until the time of the option {@code write-timeout} is over. So it should do
   * nothing but read and write through its argument: what else it does, to variables, files or
   * other stores, is done for each attempt and never undone. It must not commit the transaction
   * itself, but may roll it back, and then nothing is written. What it throws passes through, after
   * a rollback.
   *
   * <p>What differs on a server ({@code nadb:redis:}), {@link Transaction} says; an error that
   * leaves open whether the server has committed is not tried again.
   *
   * @return what the function has returned
   * @throws ConflictException if somebody else was always faster
   * @throws NadbException as {@link Transaction#commit} does
   */
  <T extends @Nullable Object> T transaction(Function<Transaction, T> body);

  /** Begins a transaction, to be committed by hand and closed in any case; nothing waits for it. */
  Transaction begin();

  /**
   * Keeps the store as it is now, for as long as the snapshot is open: to read much that fits
   * together while others write. In constant time; costs nothing while none is open.
   *
   * @throws UnsupportedOperationException if the store has not {@link StoreCapability#SNAPSHOTS}
   *     ({@code nadb:redis:})
   */
  Snapshot snapshot();

  /**
   * Shows the store as it was after the last flush that had been made by a moment, for as long as
   * the snapshot is open; what had expired by that moment is not there. Makes an index of its own
   * over the log up to there, which takes as long as opening the store, and as much memory.
   *
   * @param time the moment, not one that is still to come
   * @throws HistoryLostException if that is not kept; it names the earliest moment that is
   * @throws UnsupportedOperationException if the store has not {@link StoreCapability#HISTORY}
   */
  Snapshot snapshotAt(Instant time);

  /**
   * Returns the versions of an entry that have been flushed and are kept, the newest first: what
   * was set, touched, deleted or had expired, and when. Reads the heads of all records that are
   * kept, as far back as the versions go, and of these the values.
   *
   * @param limit how many at most, one or more
   * @throws UnsupportedOperationException if the store has not {@link StoreCapability#HISTORY}
   */
  List<KeyVersion> log(String key, int limit);

  /**
   * Shows what has been flushed by now, if this was opened with {@code access=read}; else, all that
   * was written shows anyway. Takes about as long as opening. If it fails, nothing changes.
   *
   * @return the sequence number up to which all shows
   */
  long refresh();

  /**
   * Returns a handle on another namespace of the same location, or on this one; to be closed like
   * this one, and independent of it. Costs next to nothing.
   *
   * @param name the namespace, as the URL option {@code namespace} has it: 1 to 255 bytes of UTF-8
   */
  KeyValueStore namespace(String name);

  /**
   * Has a listener told of each entry of this namespace that is removed from now on: deleted,
   * replaced, cleared away or expired; once, in the order of the sequence numbers, and after the
   * removal shows to every reader. What a crash undoes, since it was not durable, may have been
   * told.
   *
   * <p>What has expired is told when the store removes it, not when its time comes: see {@link
   * RemovalCause#EXPIRED}. {@code touch}, and a write of a key that has no entry, remove nothing.
   *
   * <p>While somebody listens, writing to this namespace costs looking up what is there.
   *
   * @return what ends it when it is closed: no removal is told from then on, but a call of the
   *     listener that is under way is not waited for. Closing this handle ends it too, once all has
   *     been told that was removed before; that takes the time of the option {@code write-timeout}
   *     at most, and the log says if something was left. A listener that closes the store itself is
   *     told of nothing more
   * @throws UnsupportedOperationException if the store has not {@link StoreCapability#REMOVALS}
   *     ({@code nadb:redis:})
   */
  Registration onRemoval(RemovalListener listener);

  /**
   * Returns what this store can do of that which not every store can; unmodifiable, and always the
   * same. Also of a closed store.
   */
  Set<StoreCapability> capabilities();

  /**
   * Makes everything written before this call durable and returns when it is.
   *
   * @throws NadbException if the backend refuses; nothing is lost: the buffer keeps what it holds
   *     and the flush is tried again in the background. Also, even if nothing is buffered, if the
   *     store's location was deleted, moved or taken by somebody else
   */
  void flush();

  /**
   * Removes the expired entries of this namespace now rather than at the next sweep; each removal
   * is as durable on return as any other write.
   *
   * @return how many were removed
   */
  int cleanupExpired();

  /** Returns the highest sequence number that is durable: all writes up to it survive a crash. */
  long durableSequence();

  /**
   * Waits until a write is durable. Does not cause a flush.
   *
   * <p>Closing the store flushes, and so ends the wait with {@code true}; if that last flush fails,
   * with an exception, since the write will never be durable.
   *
   * @param sequence what {@code set} returned since the location was opened
   * @param timeout how long to wait at most; zero or less does not wait
   * @return whether the write is durable; false if the timeout passed first
   * @throws IllegalArgumentException if no write has that number: it is negative, or larger than
   *     the last one given out since the location was opened, before a crash perhaps
   * @throws IllegalStateException if the store is closed, also meanwhile, with the write not
   *     durable
   * @throws InterruptedException if the thread is interrupted while waiting
   */
  boolean awaitDurable(long sequence, Duration timeout) throws InterruptedException;

  /** As {@link #awaitDurable}, without a thread that waits: ends or fails when that would. */
  CompletableFuture<@Nullable Void> whenDurable(long sequence);

  /** Returns the view of this for callers who do not wait; always the same, closed with this. */
  AsyncKeyValueStore async();

  /** Returns the figures of this location: the write buffer, flushes, reads, background work. */
  StoreStats stats();

  /** Returns the counts of this namespace, of all handles on it: {@link #stats} has their sums. */
  NamespaceStats namespaceStats();

  /** Returns the store's name: the {@code name} option, or one derived from the location. */
  String name();

  /** Returns the URL the store was opened with, with any credential masked. */
  String url();

  /**
   * Gives this handle back. The last handle of a location flushes, ends its background work and
   * releases its files. A second call does nothing.
   *
   * @throws NadbException if the last flush fails; all is released all the same, and the message
   *     says how much was lost
   */
  @Override
  void close();
}
