package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import io.nadb.spi.ChangeStream;
import io.nadb.spi.CutReader;
import io.nadb.spi.StoredChange;
import io.nadb.spi.StoredCut;
import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Somebody who follows the cuts of a store, and waits for the next one to be durable. */
final class OpenChanges implements ChangeStream {
  private final ChangeFeeds feeds;
  private final TimeSource time;
  private final DurableMark durable;
  private final @Nullable String namespace;

  /** Held while somebody takes a cut, or waits for one. */
  private final ReentrantLock taking = new ReentrantLock();

  @GuardedBy("taking")
  private final CutReader reader;

  private final OpenFeeds.Watched watched;

  /** What is waited for; completing it ends the wait. */
  private volatile @Nullable CompletableFuture<?> awaited;

  private volatile boolean closed;

  OpenChanges(
      ChangeFeeds feeds,
      OpenFeeds open,
      CutReader reader,
      TimeSource time,
      DurableMark durable,
      @Nullable String namespace) {
    this.feeds = feeds;
    this.reader = reader;
    this.time = time;
    this.durable = durable;
    this.namespace = namespace;
    this.watched = open.add(this, reader);
  }

  @Override
  public @Nullable StoredCut next(Duration timeout) throws InterruptedException {
    Duration longest = DurableMark.bounded(timeout);
    long begun = time.nanoTime();
    if (!taking.tryLock()) {
      throw new IllegalStateException(
          "another thread is taking a cut from this feed of changes; only one at a time can, so"
              + " that cuts are done with in their order");
    }
    try {
      while (true) {
        checkOpen();
        StoredCut cut = take();
        if (cut != null) {
          return cut;
        }
        Duration left = longest.minusNanos(time.nanoTime() - begun);
        if (left.isZero() || left.isNegative()) {
          return null;
        }
        awaitNext(left);
      }
    } finally {
      taking.unlock();
      Reference.reachabilityFence(this); // Nobody has forgotten it who is in here.
    }
  }

  /** Takes the next cut that has changes; null if there is none yet. */
  @GuardedBy("taking")
  private @Nullable StoredCut take() {
    try {
      while (true) {
        StoredCut cut = reader.next(namespace);
        if (cut == null) {
          return null;
        }
        watched.move(cut.sequence());
        if (!cut.changes().isEmpty()) {
          return cut;
        }
        checkOpen();
      }
    } catch (IOException e) {
      throw feeds.failed(reader.sequence(), e);
    }
  }

  private void awaitNext(Duration timeout) throws InterruptedException {
    CompletableFuture<?> next = durable.reaching(watched.sequence() + 1);
    awaited = next;
    try {
      if (!closed) { // Whoever closes now finds what to complete.
        time.await(next, timeout);
      }
    } finally {
      awaited = null;
      next.complete(null);
    }
  }

  @Override
  public byte[] value(StoredChange change) {
    checkOpen();
    try {
      return change.value();
    } catch (IOException e) {
      throw feeds.failed(change.entry().sequence() - 1, e);
    }
  }

  @Override
  public String bookmark() {
    return feeds.bookmark(watched.sequence());
  }

  @Override
  public String bookmark(StoredCut cut) {
    return feeds.bookmark(cut.sequence());
  }

  private void checkOpen() {
    feeds.checkOpen();
    if (closed) {
      throw new IllegalStateException("the feed of changes is closed (close was called)");
    }
  }

  @Override
  public void close() {
    closed = true;
    watched.close();
    CompletableFuture<?> wait = awaited;
    if (wait != null) {
      wait.complete(null);
    }
  }
}
