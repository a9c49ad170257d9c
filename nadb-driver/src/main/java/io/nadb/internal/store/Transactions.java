package io.nadb.internal.store;

import io.nadb.ConflictException;
import io.nadb.NadbException;
import io.nadb.TimeSource;
import io.nadb.Transaction;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs functions as transactions: again, if somebody else has changed what they read, until the
 * time is over that a write may wait.
 */
final class Transactions {
  /** So often a transaction may lose before it queues for a turn, and once more with it. */
  private static final int LOST_BEFORE_QUEUING = 3;

  /** Who has lost so often loses against itself: it writes past its transaction what it reads. */
  private static final int MAX_ATTEMPTS = 10_000;

  private final String store;
  private final TimeSource time;
  private final Duration timeout;
  private final Turns turns;

  Transactions(EngineSettings settings, TimeSource time) {
    this.store = settings.name();
    this.time = time;
    this.timeout = settings.writeTimeout();
    this.turns = new Turns(time);
  }

  /**
   * Runs a function.
   *
   * @param begin begins a transaction for each attempt
   * @throws ConflictException if none of the attempts could be committed
   */
  <T extends @Nullable Object> T run(
      Supplier<TransactionHandle> begin, Function<Transaction, T> body) {
    long begun = time.nanoTime();
    boolean hasTurn = turns.isUrgent() && turns.enter(timeout);
    int attempts = 0;
    try {
      while (true) {
        ConflictException conflict;
        try (TransactionHandle transaction = begin.get()) {
          try {
            T result = apply(body, transaction);
            transaction.commitManaged();
            return result;
          } catch (ConflictException e) {
            if (!transaction.hasLost(e)) {
              throw e; // Of another transaction, which the function did not expect.
            }
            conflict = e;
          }
        }
        attempts++;
        Duration left = timeout.minusNanos(time.nanoTime() - begun);
        if (left.isNegative() || left.isZero() || attempts == MAX_ATTEMPTS) {
          throw givenUp(conflict, attempts);
        }
        if (attempts % LOST_BEFORE_QUEUING == 0) {
          if (hasTurn) {
            turns.insist();
          } else {
            hasTurn = turns.enter(left);
          }
        }
      }
    } finally {
      if (hasTurn) {
        turns.leave();
      }
    }
  }

  /** Runs it once; what it throws counts only if what it had read was there together. */
  private static <T extends @Nullable Object> T apply(
      Function<Transaction, T> body, TransactionHandle transaction) {
    try {
      return body.apply(transaction.managed());
    } catch (NadbException e) {
      throw e; // A conflict, or a fault of the world.
    } catch (RuntimeException | AssertionError e) {
      try {
        transaction.checkReads();
      } catch (ConflictException conflict) {
        conflict.addSuppressed(e);
        throw conflict;
      } catch (RuntimeException unknown) {
        e.addSuppressed(unknown);
      }
      throw e;
    }
  }

  private ConflictException givenUp(ConflictException last, int attempts) {
    ConflictException exception =
        new ConflictException(
            "store "
                + store
                + ": in "
                + attempts
                + " attempts within "
                + timeout
                + " (option 'write-timeout') somebody else has always changed what the transaction"
                + " read, at last the key '"
                + last.key()
                + "'; nothing was written. Is the function slow, or a key written all the time?",
            last.key(),
            attempts);
    exception.initCause(last);
    return exception;
  }
}
