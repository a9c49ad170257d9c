package io.nadb;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 * <p><b>Durability.</b> A flush makes everything written before it durable as one atomic cut. After
 * a crash the store equals exactly one such cut. The {@code durability} option of the URL says what
 * {@code set}, {@code delete}, {@code clear} and {@code cleanupExpired} wait for: {@code buffered}
 * (nothing, the default), {@code written} (the operating system has the write: it survives the
 * death of the process) or {@code synced} (the disk has it: it survives a power cut).
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
 * IllegalStateException} once the store is closed ({@code stats}, {@code name} and {@code url} go
 * on answering), and {@link NadbException} when the world fails. An argument that is refused
 * changes nothing.
 *
 * <p><b>Threads.</b> All methods may be called from any thread. Interrupting a thread never harms
 * the store.
 *
 * @since 0.1.0
 */
public interface KeyValueStore extends AutoCloseable {

  /**
   * Replaces the whole entry by {@code value}, without tags and without TTL.
   *
   * @return the write's sequence number, to be used with {@link #awaitDurable}
   * @throws NadbTimeoutException if the write buffer stayed at its hard cap for longer than the
   *     {@code write-timeout} option allows; nothing is written then
   */
  default long set(String key, byte[] value) {
    return set(key, value, SetOptions.none());
  }

  /**
   * Replaces the whole entry: value, tags and TTL, as {@code options} say. The entry's creation
   * time survives if the key exists.
   *
   * @return the write's sequence number, to be used with {@link #awaitDurable}
   * @throws NadbTimeoutException if the write buffer stayed at its hard cap for longer than the
   *     {@code write-timeout} option allows; nothing is written then
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
   * @throws NadbTimeoutException as {@link #set(String, byte[])} does
   */
  boolean delete(String key);

  /** Returns what is known of the key's entry besides its value, or empty if there is none. */
  Optional<EntryMetadata> metadata(String key);

  /**
   * Returns the keys that begin with {@code prefix} (the empty string: all) at one moment, in key
   * order.
   */
  List<String> keys(String prefix);

  /**
   * Returns the entries that have all the given tags at one moment, in key order: the order of
   * Unicode code points, which is that of the keys' UTF-8 bytes, and of {@link KeyOrder}.
   *
   * @throws IllegalArgumentException if no tag is given
   */
  List<EntryMetadata> queryByTags(String... tags);

  /**
   * Returns each tag in use with the number of entries that have it at one moment, in tag order.
   */
  Map<String, Long> tags();

  /**
   * Removes all entries of this namespace, and no other's, in one atomic cut (in several, if the
   * keys alone have more than 256 MB); returns when that is durable.
   */
  void clear();

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
   * <p>Closing the store flushes, and so ends the wait with {@code true}. If that last flush fails,
   * the write will never be durable, which is an exception and not a timeout.
   *
   * @param sequence what {@code set} returned since the location was opened
   * @param timeout how long to wait at most; zero or less does not wait
   * @return whether the write is durable; false if the timeout passed first
   * @throws IllegalArgumentException if no write has that number: it is negative, or larger than
   *     the last one given out since the location was opened, as the number may be of a write that
   *     a crash has taken away
   * @throws IllegalStateException if the store is closed, also while this waits, and the write is
   *     not durable
   * @throws InterruptedException if the thread is interrupted while waiting
   */
  boolean awaitDurable(long sequence, Duration timeout) throws InterruptedException;

  /** Returns the figures of this location: the write buffer, flushes, reads, background work. */
  StoreStats stats();

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
