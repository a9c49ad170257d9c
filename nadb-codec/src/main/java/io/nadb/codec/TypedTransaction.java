package io.nadb.codec;

import io.nadb.SetOptions;
import io.nadb.Transaction;
import java.util.Objects;
import java.util.Optional;

/**
 * A {@link Transaction} with objects where it has bytes; see {@link TypedStore#in}.
 *
 * <p>Reads and writes as the transaction does, which is committed or rolled back where it was
 * begun. A {@link CodecException} leaves it as it was.
 *
 * @param <V> the values
 * @since 0.1.0
 */
public final class TypedTransaction<V> {
  private final Transaction transaction;
  private final Formats<V> formats;

  TypedTransaction(Transaction transaction, Formats<V> formats) {
    this.transaction = Objects.requireNonNull(transaction, "transaction");
    this.formats = formats;
  }

  /** The transaction itself. */
  public Transaction transaction() {
    return transaction;
  }

  /** Returns the key's value, or empty if there is no such key. */
  public Optional<V> get(String key) {
    return formats.decode(key, transaction.get(key));
  }

  /** Tells whether the key exists, whatever its value's format is. */
  public boolean contains(String key) {
    return transaction.contains(key);
  }

  /** Returns the key's entry, metadata and value, or empty if there is none. */
  public Optional<TypedEntry<V>> entry(String key) {
    return transaction
        .entry(key)
        .map(entry -> new TypedEntry<>(entry.metadata(), formats.decode(key, entry.value())));
  }

  /** Replaces the whole entry by {@code value}, without tags and without TTL. */
  public void set(String key, V value) {
    set(key, value, SetOptions.none());
  }

  /** Replaces the whole entry, as {@code options} say. A TTL begins at the commit. */
  public void set(String key, V value, SetOptions options) {
    transaction.set(key, formats.encode(key, value), options);
  }

  /**
   * Removes the entry, whatever its value's format is.
   *
   * @return whether the key existed
   */
  public boolean delete(String key) {
    return transaction.delete(key);
  }
}
