package io.nadb.internal.store;

import io.nadb.Durability;
import io.nadb.FlushCause;
import io.nadb.NadbException;
import io.nadb.TimeSource;
import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.internal.sync.Member;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

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
  }

  /**
   * Makes the writes of a batch, all of them at once, and brings them where the durability option
   * wants them.
   *
   * @param counter counts the batch, if there is one
   * @param expiresAt when the first of its entries expires, or {@link io.nadb.spi.Write#NEVER}
   * @return the number of the last write; 0 if none was proposed
   */
  long commit(Proposal proposal, LongAdder counter, long expiresAt) {
    long sequence = buffer.commit(proposal);
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
   * @param expiresAt when the first of the entries expires, or {@link io.nadb.spi.Write#NEVER}
   */
  void notice(long expiresAt) {
    if (work.isNews(expiresAt)) {
      work.notice(time.nanoTime());
      background.wake();
    }
    removals.deliver();
  }

  /** Brings a write where the durability option wants it, and has a full buffer flushed. */
  void settle(long sequence) {
    if (settings.durability() == Durability.SYNCED) {
      withRetry(() -> flusher.flushThrough(sequence, FlushCause.DURABILITY));
    } else if (settings.durability() == Durability.WRITTEN) {
      withRetry(() -> flusher.writeThrough(sequence));
    } else if (lastWrites.haveBegun()) {
      lastWrites.await();
    }
    Layers layers = buffer.layers();
    if (layers.active().bytes() > 2 * settings.bufferBytes()) {
      // An entry above the hard cap is never at risk.
      withRetry(() -> flusher.flushThrough(sequence, FlushCause.SIZE));
    } else if (buffer.isFull()) {
      background.wake();
    }
  }

  /** Waits until a write is durable, which somebody else sees to; returns whether it is. */
  boolean await(long sequence, Duration timeout) throws InterruptedException {
    long last = buffer.sequence();
    if (sequence > last) {
      throw new IllegalArgumentException(
          "sequence number " + sequence + " has not been given out; the last is " + last);
    }
    return flusher.durable().await(sequence, timeout);
  }

  /**
   * Flushes on the caller's thread; if that fails, the sync thread is told to try again. What was
   * removed meanwhile is gone in any case, and told.
   */
  void withRetry(Runnable flush) {
    try {
      flush.run();
    } catch (NadbException e) {
      background.wake(); // It may be asleep for good, and now it has a retry to look after.
      throw e;
    } finally {
      removals.deliver();
    }
  }
}
