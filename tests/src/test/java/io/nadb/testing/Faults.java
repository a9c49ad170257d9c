package io.nadb.testing;

import io.nadb.spi.Cut;
import io.nadb.testkit.Hold;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a test wants a backend to do wrong when a cut is applied to it, and what others are to do
 * while it answers; see {@link FaultyDriver}.
 */
public final class Faults {
  private final List<List<String>> applied = new ArrayList<>();
  private @Nullable Throwable failure;
  private @Nullable Throwable closeFailure;
  private Runnable afterApply = () -> {};
  private Runnable whileAnswering = () -> {};
  private int successesLeft;
  private @Nullable Hold hold;

  /** From now on nothing can be applied or synced: an {@link IOException} with this message. */
  public void fail(String message) {
    fail(new IOException(message));
  }

  /** From now on nothing can be applied or synced. */
  public void fail(Throwable failure) {
    failAfter(0, failure);
  }

  /** Nothing can be applied or synced after some more successes. */
  public synchronized void failAfter(int successes, Throwable failure) {
    this.failure = failure;
    this.successesLeft = successes;
  }

  /** Closing fails, after everything has been released. */
  public synchronized void failClose(Throwable failure) {
    this.closeFailure = failure;
  }

  /** Has something done whenever a cut has been applied. */
  public synchronized void onApplied(Runnable action) {
    this.afterApply = action;
  }

  /**
   * Has something done in the midst of each answer that is given from a view of the backend: before
   * the first entry, after each, and after the last.
   */
  public synchronized void whileAnswering(Runnable action) {
    this.whileAnswering = action;
  }

  /** All works again. */
  public synchronized void heal() {
    failure = null;
    closeFailure = null;
  }

  /** Holds the threads that apply or sync, before they do, until {@link #release}. */
  public void block() {
    block(new VirtualTime());
  }

  /** The same, under a time that goes on while its background thread is held. */
  public synchronized void block(VirtualTime time) {
    hold = time.newHold();
  }

  /** Waits until a thread is held. */
  public void awaitBlocked() throws InterruptedException {
    Hold now = hold();
    if (now == null) {
      throw new IllegalStateException("block() first");
    }
    now.awaitHeld();
  }

  /** Lets the held threads go, and holds nobody any more. */
  public void release() {
    Hold now = hold();
    synchronized (this) {
      hold = null;
    }
    if (now != null) {
      now.release();
    }
  }

  private synchronized @Nullable Hold hold() {
    return hold;
  }

  /** The keys of each cut that was applied, each sorted. */
  public synchronized List<List<String>> applied() {
    return List.copyOf(applied);
  }

  void beforeApply() throws IOException {
    Hold now = hold();
    if (now != null) {
      now.pass();
    }
    synchronized (this) {
      if (failure != null && successesLeft-- <= 0) {
        raise(failure);
      }
    }
  }

  synchronized void afterApply(Cut cut) {
    List<String> keys = new ArrayList<>();
    cut.forEach((namespace, key, write) -> keys.add(key));
    applied.add(keys.stream().sorted().toList());
    afterApply.run();
  }

  void answering() {
    Runnable action;
    synchronized (this) {
      action = whileAnswering;
    }
    action.run();
  }

  synchronized void afterClose() throws IOException {
    if (closeFailure != null) {
      raise(closeFailure);
    }
  }

  private static void raise(Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw new IOException(e.getMessage(), e);
    } else if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    }
    throw new IllegalArgumentException(failure);
  }
}
