package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.FlushCause;
import io.nadb.SetOptions;
import io.nadb.TimeSource;
import io.nadb.Transaction;
import io.nadb.spi.Change;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.Write;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes changes that depend on what is there, of one entry or of several. */
final class ConditionalCommits {
  private final String store;
  private final InstantSource clock;
  private final StorageBackend backend;
  private final WriteBuffer buffer;
  private final LayeredReader reader;
  private final Flusher flusher;
  private final StoreFigures figures;
  private final Settlement settlement;
  private final Runnable checkOpen;
  private final ConditionalWrites conditional;
  private final Transactions transactions;

  /**
   * Creates it.
   *
   * @param checkOpen throws if the store is closed
   */
  ConditionalCommits(
      EngineSettings settings,
      TimeSource time,
      InstantSource clock,
      StorageBackend backend,
      WriteBuffer buffer,
      LayeredReader reader,
      Flusher flusher,
      StoreFigures figures,
      Settlement settlement,
      Runnable checkOpen) {
    this.store = settings.name();
    this.clock = clock;
    this.backend = backend;
    this.buffer = buffer;
    this.reader = reader;
    this.flusher = flusher;
    this.figures = figures;
    this.settlement = settlement;
    this.checkOpen = checkOpen;
    this.conditional = new ConditionalWrites(clock, buffer, reader);
    this.transactions = new Transactions(settings, time);
  }

  /** Sets an entry with tags or TTL of the one before; returns the write's number. */
  long setKeeping(String namespace, String key, byte[] value, SetOptions options) {
    // An expiry that is kept is known already.
    long expiresAt = options.keepsTtl() ? Write.NEVER : Expiry.of(options, clock.instant());
    Proposal proposal = conditional.setKeeping(namespace, key, value, options);
    return settlement.commit(proposal, figures.sets(), expiresAt);
  }

  /** Removes an entry; returns whether there was one. */
  boolean delete(String namespace, String key) {
    Proposal proposal = conditional.delete(namespace, key);
    return settlement.commit(proposal, figures.deletes(), Write.NEVER) > 0;
  }

  /** Changes an entry in one step. */
  Change.Outcome change(String namespace, String key, Change change) {
    if (change instanceof Change.Put put) {
      checkFits(put.value());
    }
    if (backend instanceof DirectBackend server) {
      Expiry.check(change, clock.instant());
      Change.Outcome outcome = atServer(server, namespace, key, change);
      if (outcome.made()) {
        count(change);
      }
      return outcome;
    }
    ConditionalChange proposal =
        new ConditionalChange(clock, buffer, reader, namespace, key, change);
    long sequence = buffer.commit(proposal);
    if (sequence > 0) {
      count(change);
      settlement.notice(proposal.expiresAt());
      settlement.settle(sequence);
    }
    return proposal.outcome();
  }

  private void count(Change change) {
    (change instanceof Change.Remove ? figures.deletes() : figures.sets()).increment();
  }

  /**
   * Has the server decide, which others write to as well: what is buffered goes there first, and
   * nothing overtakes the change.
   */
  private Change.Outcome atServer(
      DirectBackend server, String namespace, String key, Change change) {
    Change.Outcome[] outcome = {Change.Outcome.NONE};
    settlement.withRetry(
        () ->
            flusher.exclusively(
                () -> {
                  checkOpen();
                  flusher.flush(FlushCause.EXPLICIT);
                  outcome[0] = reader.change(server, namespace, key, change);
                }));
    return outcome[0];
  }

  /** Begins a transaction. */
  TransactionHandle begin(String namespace) {
    if (backend instanceof DirectBackend) {
      throw Unsupported.transactions(store);
    }
    return TransactionHandle.begin(
        this, new OpenTransaction(store, clock, buffer, reader), namespace);
  }

  /** Runs a function as a transaction. */
  <T extends @Nullable Object> T transaction(String namespace, Function<Transaction, T> body) {
    return transactions.run(() -> begin(namespace), body);
  }

  /** Makes the writes of a transaction, if all it has read is unchanged. */
  long commit(OpenTransaction transaction) {
    if (transaction.isReadOnly()) {
      return transaction.asOf();
    }
    long sequence = buffer.commit(transaction);
    figures.sets().add(transaction.count(false));
    figures.deletes().add(transaction.count(true));
    settlement.notice(transaction.earliestWritten());
    settlement.settle(sequence);
    return sequence;
  }

  /** Returns an entry as it is now, or null if there is none. */
  @Nullable Entry entry(String namespace, String key) {
    return reader.entry(namespace, key, clock.millis());
  }

  /** Refuses a value that the backend could not take. */
  void checkFits(byte[] value) {
    Limits.checkFits(value, backend);
  }

  /**
   * Sees to it that the store is open.
   *
   * @throws IllegalStateException if it is not
   */
  void checkOpen() {
    checkOpen.run();
  }
}
