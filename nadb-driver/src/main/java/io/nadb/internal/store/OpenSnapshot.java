package io.nadb.internal.store;

import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A view that a user keeps open, and what it is closed by: it is let go when it has been closed and
 * the last call has returned that is reading it.
 */
final class OpenSnapshot {
  private final String store;
  private final View view;
  private final ViewReader reader;
  private final Instant time;
  private final long openedNanos;
  private final Throwable openedHere = new Throwable("opened here");

  /** Those who are reading, and one more until it is closed. */
  private final AtomicInteger users = new AtomicInteger(1);

  /** Why it can't be asked any more; null as long as it can. */
  private final AtomicReference<@Nullable String> over = new AtomicReference<>();

  OpenSnapshot(String store, View view, ViewReader reader, Instant time, long openedNanos) {
    this.store = store;
    this.view = view;
    this.reader = reader;
    this.time = time;
    this.openedNanos = openedNanos;
  }

  /** A question that the view answers. */
  interface Question<T> {
    T ask(ViewReader reader) throws IOException;
  }

  <T> T ask(Question<T> question) {
    enter();
    try {
      return question.ask(reader);
    } catch (IOException | InternalError e) { // The JVM may tell late of a page that can't be read.
      throw new NadbException("store " + store + ": reading a snapshot failed: " + Reason.of(e), e);
    } finally {
      leave();
    }
  }

  /**
   * Sees to it that it can be asked.
   *
   * @throws IllegalStateException if it can't any more
   */
  void checkOpen() {
    String reason = over.get();
    if (reason != null) {
      throw new IllegalStateException("the snapshot of store " + store + " is closed: " + reason);
    }
  }

  private void enter() {
    while (true) {
      checkOpen();
      int now = users.get();
      if (now > 0 && users.compareAndSet(now, now + 1)) {
        return;
      }
    }
  }

  private void leave() {
    if (users.decrementAndGet() == 0) {
      view.close();
    }
  }

  /** Lets nobody ask any more; returns false if nobody could. */
  boolean close(String reason) {
    if (!over.compareAndSet(null, reason)) {
      return false;
    }
    leave();
    return true;
  }

  long sequence() {
    return view.sequence();
  }

  Instant time() {
    return time;
  }

  long openedNanos() {
    return openedNanos;
  }

  /** Where it was opened. */
  Throwable openedHere() {
    return openedHere;
  }

  /** How much is kept for it, roughly. */
  long keptBytes(WriteBuffer.Layers layers) {
    return view.keptBytes(layers);
  }
}
