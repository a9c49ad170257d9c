package io.nadb.internal.store;

import io.nadb.ConflictException;
import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import io.nadb.Transaction;
import io.nadb.internal.store.LayeredReader.Latest;
import io.nadb.internal.store.OpenTransaction.OwnWrite;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.Write;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A user's transaction: checks arguments, and knows whether it is over. */
final class TransactionHandle implements Transaction {
  private final State state;
  private final String namespace;
  private final boolean managed;

  /** What the handles on all namespaces of a transaction share. */
  private static final class State {
    final OpenTransaction open;
    final StorageBackend backend;
    final Runnable checkOpen;
    @Nullable String over;
    @Nullable ConflictException lost;
    long committed;

    State(OpenTransaction open, StorageBackend backend, Runnable checkOpen) {
      this.open = open;
      this.backend = backend;
      this.checkOpen = checkOpen;
    }
  }

  private TransactionHandle(State state, String namespace, boolean managed) {
    this.state = state;
    this.namespace = namespace;
    this.managed = managed;
  }

  /**
   * Begins one.
   *
   * @param backend refuses values that it could not take
   * @param checkOpen throws if the store is closed
   */
  static TransactionHandle begin(
      OpenTransaction transaction, String namespace, StorageBackend backend, Runnable checkOpen) {
    return new TransactionHandle(new State(transaction, backend, checkOpen), namespace, false);
  }

  /** Gives the number of the last write of a transaction that has been committed. */
  static long numberOf(Transaction committed) {
    return ((TransactionHandle) committed).state.committed;
  }

  /** This transaction for a function that must not commit it. */
  TransactionHandle managed() {
    return new TransactionHandle(state, namespace, true);
  }

  @Override
  public Transaction namespace(String name) {
    Limits.checkNamespace(name);
    open();
    return new TransactionHandle(state, name, managed);
  }

  @Override
  public Optional<byte[]> get(String key) {
    Limits.checkKey(key);
    OwnWrite own = open().own(namespace, key);
    if (own != null) {
      return Optional.ofNullable(own.value()).map(byte[]::clone);
    }
    Latest latest = reading(() -> open().read(namespace, key, true));
    return Optional.ofNullable(latest).map(found -> found.value().clone());
  }

  @Override
  public boolean contains(String key) {
    Limits.checkKey(key);
    OwnWrite own = open().own(namespace, key);
    return own == null
        ? reading(() -> open().read(namespace, key, false)) != null
        : own.value() != null;
  }

  @Override
  public Optional<EntryMetadata> metadata(String key) {
    Limits.checkKey(key);
    OwnWrite own = open().own(namespace, key);
    return own == null
        ? Optional.ofNullable(reading(() -> open().metadata(namespace, key)))
        : Optional.ofNullable(own.value()).map(value -> metadata(key, own, value));
  }

  @Override
  public Optional<Entry> entry(String key) {
    Limits.checkKey(key);
    OwnWrite own = open().own(namespace, key);
    return own == null
        ? Optional.ofNullable(reading(() -> open().entry(namespace, key)))
        : Optional.ofNullable(own.value()).map(value -> entry(key, own, value));
  }

  private Entry entry(String key, OwnWrite own, byte[] value) {
    return new Entry(metadata(key, own, value), value.clone());
  }

  private EntryMetadata metadata(String key, OwnWrite own, byte[] value) {
    Instant now = reading(() -> open().time());
    long expiresAt = own.expiresAt(now);
    Instant shown = Instant.ofEpochMilli(now.toEpochMilli());
    return new EntryMetadata(
        key,
        value.length,
        shown,
        shown,
        expiresAt == Write.NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expiresAt)),
        own.tags());
  }

  @Override
  public void set(String key, byte[] value, SetOptions options) {
    Limits.checkKey(key);
    Limits.checkValue(value);
    Limits.checkTags(Objects.requireNonNull(options, "options").tags());
    Limits.checkFits(value, state.backend);
    OpenTransaction transaction = open();
    Expiry.of(options, transaction.time()); // Refuses now what it would refuse at the commit.
    reading(
        () -> {
          transaction.set(namespace, key, value.clone(), options);
          return true;
        });
  }

  @Override
  public boolean delete(String key) {
    Limits.checkKey(key);
    return reading(() -> open().delete(namespace, key));
  }

  @Override
  public long commit() {
    OpenTransaction transaction = open();
    if (managed) {
      throw new IllegalStateException(
          "a transaction that a function is run in is committed when the function returns; it must"
              + " not commit it itself");
    }
    return commit(transaction);
  }

  /** Commits after the function; unless it has rolled back, which it may. */
  void commitManaged() {
    if (state.over == null) {
      commit(state.open);
    } else if (state.lost != null) {
      throw state.lost; // The function has caught it, and gone on with what it could not know.
    } else {
      checkReads();
    }
  }

  /**
   * Sees to it that the function that has not committed had seen what was there at one moment: what
   * it made of anything else, be it an exception, tells nothing.
   *
   * @throws ConflictException if it had not
   */
  void checkReads() {
    reading(
        () -> {
          state.open.checkReads();
          return true;
        });
  }

  private long commit(OpenTransaction transaction) {
    state.over = "it was committed, or could not be";
    long number = reading(transaction::commit);
    state.committed = number;
    return number;
  }

  /** Whether it was this transaction that lost, and so may be run again. */
  boolean hasLost(ConflictException exception) {
    return state.lost == exception;
  }

  private <T extends @Nullable Object> T reading(Supplier<T> what) {
    try {
      return what.get();
    } catch (ConflictException e) {
      state.over = "it has lost against another write";
      state.lost = e;
      throw e;
    }
  }

  @Override
  public void rollback() {
    if (state.over == null) {
      state.over = "it was rolled back";
    }
  }

  @Override
  public void close() {
    rollback();
  }

  private OpenTransaction open() {
    String over = state.over;
    if (over != null) {
      throw new IllegalStateException("the transaction is over: " + over);
    }
    state.checkOpen.run();
    return state.open;
  }
}
