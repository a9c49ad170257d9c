package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.RemovalListener;
import io.nadb.TimeSource;
import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Those who listen to a store's removals, each with a queue of its own. */
final class RemovalListeners {
  private static final Logbook LOG = Logbook.of(RemovalListeners.class);

  private final String store;
  private final Duration patience;
  private final TimeSource time;
  private final RemovalDelivery delivery;
  private final WriteBuffer buffer;
  private final LayeredReader reader;
  private final AtomicLong failures = new AtomicLong();

  /** Replaced as a whole, with the monitor held; whoever only looks needs no lock. */
  private volatile List<RemovalFeed> feeds = List.of();

  @GuardedBy("this")
  private boolean ended;

  RemovalListeners(
      EngineSettings settings,
      TimeSource time,
      RemovalDelivery delivery,
      WriteBuffer buffer,
      LayeredReader reader) {
    this.store = settings.name();
    this.patience = settings.writeTimeout();
    this.time = time;
    this.delivery = delivery;
    this.buffer = buffer;
    this.reader = reader;
  }

  /** Has somebody told of each removal by a write that gets its number after this has returned. */
  RemovalFeed add(String namespace, RemovalListener listener) {
    RemovalFeed feed = new RemovalFeed(this, store, namespace, listener, time, failures);
    feed.join(delivery); // First: without a thread to tell it, nobody listens.
    synchronized (this) {
      if (!ended) {
        List<RemovalFeed> more = new ArrayList<>(feeds);
        more.add(feed);
        listen(more);
        return feed;
      }
    }
    feed.end();
    throw new IllegalStateException("store is closed: " + store);
  }

  /** Whether nobody listens. */
  boolean isEmpty() {
    return feeds.isEmpty();
  }

  /** Lets nothing more come to a feed; returns whether anything did before. */
  synchronized boolean remove(RemovalFeed feed) {
    List<RemovalFeed> fewer = new ArrayList<>(feeds);
    boolean listened = fewer.remove(feed);
    if (listened) {
      listen(fewer);
    }
    return listened;
  }

  @GuardedBy("this")
  private void listen(List<RemovalFeed> listening) {
    buffer.watch(RemovalWatch.of(buffer, reader, listening));
    feeds = List.copyOf(listening);
  }

  /**
   * Has listeners told of what has been removed. Not to be called with a lock that a listener may
   * need, since a virtual time waits until they have been told.
   */
  void deliver() {
    List<RemovalFeed> listening = feeds;
    if (!listening.isEmpty()) { // Spares a write an iterator.
      listening.forEach(RemovalFeed::wakeIfBehind);
    }
  }

  /** How many removals listeners have yet to be told of. */
  long pending() {
    long sum = 0;
    for (RemovalFeed feed : feeds) {
      sum += feed.pending();
    }
    return sum;
  }

  /** How often listeners have thrown. */
  long failures() {
    return failures.get();
  }

  /**
   * Lets nobody listen any more.
   *
   * @param tells whether they are told first of what has been removed
   */
  void end(boolean tells) {
    List<RemovalFeed> last;
    synchronized (this) {
      ended = true;
      last = feeds;
    }
    if (tells) {
      finish(last);
    } else {
      last.forEach(RemovalFeed::close);
    }
  }

  /**
   * Ends those of this store's feeds that nobody has ended, once they have been told of what was
   * removed before; but does not wait for ever, nor at all if a listener calls this.
   */
  void finish(Collection<RemovalFeed> ending) {
    List<RemovalFeed> last = ending.stream().filter(this::remove).toList();
    try {
      if (delivery.mayWait()) {
        await(
            CompletableFuture.allOf(
                last.stream().map(RemovalFeed::untilIdle).toArray(CompletableFuture[]::new)));
      }
    } finally {
      long untold = last.stream().mapToLong(RemovalFeed::pending).sum();
      last.forEach(RemovalFeed::end);
      if (untold > 0) {
        LOG.log(
            Level.WARNING,
            "store {0} is closed, and {1} removals have not been told to listeners: they were not"
                + " done within {2} (option write-timeout), or one of them has closed the store",
            store,
            untold,
            patience);
      }
    }
  }

  private void await(CompletableFuture<?> done) {
    boolean interrupted = false;
    while (true) {
      try {
        time.await(done, patience);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
