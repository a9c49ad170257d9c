package io.nadb.internal.store;

import io.nadb.SetOptions;
import io.nadb.TimeSource;
import io.nadb.Transaction;
import io.nadb.spi.Change;
import io.nadb.spi.CopyableStore;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.Write;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Makes changes that depend on what is there, of one entry or of several. */
final class ConditionalCommits {
  private final String store;
  private final InstantSource clock;
  private final StorageBackend backend;

  /** The server that decides; null if the buffer is all there is. */
  private final @Nullable BufferedServer server;

  private final WriteBuffer buffer;
  private final LayeredReader reader;
  private final UsageCounts usage;
  private final Settlement settlement;
  private final Runnable checkOpen;
  private final CopyableStore transfer;
  private final ConditionalWrites conditional;
  private final Transactions transactions;
  private final ToLongFunction<BufferTransaction> committer = this::commit;

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
      UsageCounts usage,
      Settlement settlement,
      Runnable checkOpen) {
    this.store = settings.name();
    this.clock = clock;
    this.backend = backend;
    this.buffer = buffer;
    this.reader = reader;
    this.usage = usage;
    this.settlement = settlement;
    this.checkOpen = checkOpen;
    this.server =
        backend instanceof DirectBackend direct
            ? new BufferedServer(store, direct, buffer, flusher, settlement, usage, checkOpen)
            : null;
    this.transfer =
        new BufferedTransfer(
            store, clock, backend, server, buffer, reader, flusher, usage, settlement);
    this.conditional = new ConditionalWrites(clock, buffer, reader);
    this.transactions = new Transactions(settings, time);
  }

  private ConditionalCommits(ConditionalCommits of, Settlement settlement) {
    this.store = of.store;
    this.clock = of.clock;
    this.backend = of.backend;
    this.server = of.server;
    this.buffer = of.buffer;
    this.reader = of.reader;
    this.usage = of.usage;
    this.settlement = settlement;
    this.checkOpen = of.checkOpen;
    this.conditional = of.conditional;
    this.transactions = of.transactions;
    this.transfer = of.transfer;
  }

  /** The same, with another settlement. */
  ConditionalCommits with(Settlement other) {
    return new ConditionalCommits(this, other);
  }

  /** Entries on their way from and to other stores. */
  CopyableStore transfer() {
    checkOpen.run();
    return transfer;
  }

  /** Sets an entry with tags or TTL of the one before; returns the write's number. */
  long setKeeping(String namespace, String key, byte[] value, SetOptions options) {
    // An expiry that is kept is known already.
    long expiresAt = options.keepsTtl() ? Write.NEVER : Expiry.of(options, clock.instant());
    Proposal proposal = conditional.setKeeping(namespace, key, value, options);
    return settlement.commit(proposal, usage.of(namespace).sets(), expiresAt);
  }

  /** Removes an entry; returns whether there was one. */
  boolean delete(String namespace, String key) {
    Proposal proposal = conditional.delete(namespace, key);
    long sequence = settlement.put(proposal);
    if (sequence == 0) {
      return false;
    }
    usage.of(namespace).written(true);
    settlement.notice(Write.NEVER);
    settlement.settle(sequence);
    return true;
  }

  /** Changes an entry in one step. */
  Change.Outcome change(String namespace, String key, Change change) {
    if (change instanceof Change.Put put) {
      Limits.checkFits(put.value(), backend);
    }
    if (server != null) {
      Expiry.check(change, clock.instant());
      Change.Outcome outcome = server.change(namespace, key, change);
      if (outcome.made()) {
        usage.changed(namespace, change);
      }
      return outcome;
    }
    ConditionalChange proposal =
        new ConditionalChange(clock, buffer, reader, namespace, key, change);
    long sequence = settlement.put(proposal);
    if (sequence > 0) {
      usage.changed(namespace, change);
      settlement.notice(proposal.expiresAt());
      settlement.settle(sequence);
    }
    return proposal.outcome();
  }

  /** Begins a transaction. */
  TransactionHandle begin(String namespace) {
    OpenTransaction transaction =
        server == null
            ? new BufferTransaction(store, clock, buffer, reader, committer)
            : new ServerTransaction(store, clock, server);
    return TransactionHandle.begin(transaction, namespace, backend, checkOpen);
  }

  /** Runs a function as a transaction. */
  <T extends @Nullable Object> T transaction(String namespace, Function<Transaction, T> body) {
    return transactions.run(() -> begin(namespace), body);
  }

  /** Makes the writes of a transaction, if all it has read is unchanged. */
  private long commit(BufferTransaction transaction) {
    if (transaction.isReadOnly()) {
      return transaction.asOf();
    }
    long sequence = settlement.put(transaction);
    transaction.count(usage);
    settlement.notice(transaction.earliestWritten());
    settlement.settle(sequence);
    return sequence;
  }
}
