package io.nadb.internal.store;

import io.nadb.Durability;
import io.nadb.FlushCause;
import io.nadb.NadbException;
import io.nadb.TimeSource;
import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.internal.sync.Member;
import io.nadb.spi.Write;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for a write that is in the buffer before its call returns: to bring it where
 * the durability option wants it, to have a full buffer flushed, and to tell the background thread
 * and those who listen to removals.
 */
final class Settlement {
  private final EngineSettings settings;
  private final TimeSource time;
  private final WriteBuffer buffer;
  private final Flusher flusher;
  private final LastWrites lastWrites;
  private final BackgroundWork work;
  private final Member background;
  private final RemovalListeners removals;

  /** Whether somebody else waits for what a write waits for. */
  private final boolean defers;

  /** Whether a write waits for room in the buffer. */
  private final boolean waits;

  Settlement(
      EngineSettings settings,
      TimeSource time,
      WriteBuffer buffer,
      Flusher flusher,
      LastWrites lastWrites,
      BackgroundWork work,
      Member background,
      RemovalListeners removals) {
    this.settings = settings;
    this.time = time;
    this.buffer = buffer;
    this.flusher = flusher;
    this.lastWrites = lastWrites;
    this.work = work;
    this.background = background;
    this.removals = removals;
    this.defers = false;
    this.waits = true;
  }

  private Settlement(Settlement of, boolean waits) {
    this.settings = of.settings;
    this.time = of.time;
    this.buffer = of.buffer;
    this.flusher = of.flusher;
    this.lastWrites = of.lastWrites;
    this.work = of.work;
    this.background = of.background;
    this.removals = of.removals;
    this.defers = true;
    this.waits = waits;
  }

  /**
   * The same for callers who have {@link #isDue} asked afterwards, and what is due done by others.
   *
   * @param waits whether writes wait for room in the buffer
   */
  Settlement deferring(boolean waits) {
    return new Settlement(this, waits);
  }

  /** Whether a write that is in the buffer has to wait for something yet. */
  boolean isDue() {
    return settings.durability() != Durability.BUFFERED
        || lastWrites.haveBegun()
        || buffer.layers().active().bytes() > 2 * settings.bufferBytes();
  }

  /** Whether somebody is to be told of what writes replace. */
  boolean isWatched() {
    return !removals.isEmpty();
  }

  /** Puts what is proposed into the buffer; returns the number of the last write, 0 if none. */
  long put(Proposal proposal) {
    return buffer.commit(waits ? proposal : proposal.withoutWaiting());
  }

  /**
   * Makes the writes of a batch, all of them at once, and brings them where the durability option
   * wants them.
   *
   * @param counter counts the batch, if there is one
   * @param expiresAt when the first of its entries expires, or {@link Write#NEVER}
   * @return the number of the last write; 0 if none was proposed
   */
  long commit(Proposal proposal, LongAdder counter, long expiresAt) {
    long sequence = put(proposal);
    if (sequence > 0) {
      counter.increment();
      notice(expiresAt);
      settle(sequence);
    }
    return sequence;
  }

  /**
   * Has the sync thread know of what leaves it something to do, if it does not expect that, and
   * listeners of what has been removed.
   *
   * @param expiresAt when the first of the entries expires, or {@link Write#NEVER}
   */
  void notice(long expiresAt) {
    if (work.isNews(expiresAt)) {
      work.notice(time.nanoTime());
      background.wake();
    }
    if (!defers) {
      removals.deliver();
    }
  }

  /** Has listeners told of what has been removed, where that is deferred too. */
  void deliver() {
    removals.deliver();
  }

  /** Brings a write where the durability option wants it, and has a full buffer flushed. */
  void settle(long sequence) {
    if (!defers) {
      settle(sequence, this::withRetry);
    } else if (buffer.isFull()) {
      background.wake();
    }
  }

  /** The same, but listeners are told later, by {@link #deliver}, of what has been removed. */
  void settleBeforeDelivery(long sequence) {
    settle(sequence, this::retried);
  }

  private void settle(long sequence, Consumer<Runnable> flushing) {
    if (settings.durability() == Durability.SYNCED) {
      flushing.accept(() -> flusher.flushThrough(sequence, FlushCause.DURABILITY));
    } else if (settings.durability() == Durability.WRITTEN) {
      flushing.accept(() -> flusher.writeThrough(sequence));
    } else if (lastWrites.haveBegun()) {
      lastWrites.await();
    }
    Layers layers = buffer.layers();
    if (layers.active().bytes() > 2 * settings.bufferBytes() && !flusher.hasJournal()) {
      // An entry above the hard cap is never at risk; in a journal it is at none.
      flushing.accept(() -> flusher.flushThrough(sequence, FlushCause.SIZE));
    } else if (buffer.isFull()) {
      background.wake();
    }
  }

  /** Does for removals of what has expired what is done for other writes; returns how many. */
  int sweep(IntSupplier sweep) {
    int[] removed = new int[1];
    withRetry(() -> removed[0] = sweep.getAsInt());
    if (removed[0] > 0) {
      notice(Write.NEVER);
      settle(buffer.sequence());
    }
    return removed[0];
  }

  /** Waits until a write is durable, which somebody else sees to; returns whether it is. */
  boolean await(long sequence, Duration timeout) throws InterruptedException {
    checkGivenOut(sequence);
    return flusher.durable().await(sequence, timeout);
  }

  /** What ends when a write is durable, or will not be any more; {@code teller} completes it. */
  CompletableFuture<@Nullable Void> when(long sequence, Executor teller) {
    checkGivenOut(sequence);
    return flusher.durable().when(sequence, teller);
  }

  boolean isDurable(long sequence) {
    return flusher.durable().sequence() >= sequence;
  }

  private void checkGivenOut(long sequence) {
    long last = buffer.sequence();
    if (sequence > last) {
      throw new IllegalArgumentException(
          "sequence number " + sequence + " has not been given out; the last is " + last);
    }
  }

  /**
   * Flushes on the caller's thread; if that fails, the sync thread is told to try again. What was
   * removed meanwhile is gone in any case, and told.
   */
  void withRetry(Runnable flush) {
    try {
      retried(flush);
    } finally {
      removals.deliver();
    }
  }

  private void retried(Runnable flush) {
    try {
      flush.run();
    } catch (NadbException e) {
      background.wake(); // It may be asleep for good, and now it has a retry to look after.
      throw e;
    }
  }
}
