package io.nadb;

import java.util.Optional;

/**
 * Reads and writes of one or several keys that take place together or not at all, as if nobody else
 * did anything meanwhile.
 *
 * <p>Writes are kept in memory until {@link #commit}, which makes all of them visible at once and,
 * after a crash, all or none of them be there. Reads see the transaction's own writes; besides,
 * they see the store as it was at one moment: if somebody else has changed what was read before,
 * whatever finds that out, a read or the commit, throws {@link ConflictException}, and the
 * transaction is over.
 *
 * <p>Transactions are strictly serializable, together with all other reads and writes of single
 * keys, in the order of their sequence numbers. One takes no lock and keeps nobody waiting.
 *
 * <p>On a server that others write to as well, a read sees the entry as it is then, and whether all
 * that was read was there together, the commit finds out; committed transactions are serializable.
 * On a cluster, a second key that may be on another node is refused with an {@link
 * IllegalArgumentException} that names both.
 *
 * <p>Arguments and values are as {@link KeyValueStore} has them; the keys and values of one
 * transaction may have 256 MB. Once it is over, all methods but {@code rollback} and {@code close}
 * throw {@link IllegalStateException}.
 *
 * <p>To be used by one thread at a time.
 *
 * @since 0.1.0
 */
public interface Transaction extends AutoCloseable {

  /** Returns a copy of the key's value, or empty if there is no such key. */
  Optional<byte[]> get(String key);

  /** Tells whether the key exists. */
  boolean contains(String key);

  /**
   * Returns what is known of the key's entry besides its value, or empty if there is none. Of an
   * entry that this transaction has set, the times are those of now.
   */
  Optional<EntryMetadata> metadata(String key);

  /** Returns the key's entry, metadata and value, or empty if there is none. */
  Optional<Entry> entry(String key);

  /** Replaces the whole entry by {@code value}, without tags and without TTL. */
  default void set(String key, byte[] value) {
    set(key, value, SetOptions.none());
  }

  /**
   * Replaces the whole entry, as {@code options} say. A TTL begins at the commit.
   *
   * @throws IllegalArgumentException also if the transaction would become larger than 256 MB
   */
  void set(String key, byte[] value, SetOptions options);

  /**
   * Removes the entry.
   *
   * @return whether the key existed
   */
  boolean delete(String key);

  /**
   * Returns this transaction on another namespace of the same location; what is committed or rolled
   * back is all of it.
   *
   * @param name the namespace, as the URL option {@code namespace} has it
   */
  Transaction namespace(String name);

  /**
   * Makes all writes, as durable on return as the option {@code durability} says.
   *
   * @return the sequence number of the last write, to be used with {@link
   *     KeyValueStore#awaitDurable}; if there is no write, that of the last one before the moment
   *     that was read
   * @throws ConflictException if somebody else has changed what was read; nothing is written
   * @throws NadbTimeoutException if there was no room in the write buffer in time; nothing is
   *     written
   * @throws NadbConnectionException if a server can't be reached; {@link
   *     NadbConnectionException#inDoubt} tells whether it may have been committed all the same
   * @throws NadbException if the writes could not be made as durable as they should be; they are
   *     visible, and the next flush takes them
   */
  long commit();

  /** Ends the transaction and writes nothing; does nothing if it is over. */
  void rollback();

  /** Rolls back, unless the transaction is over. */
  @Override
  void close();
}
