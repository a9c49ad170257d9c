package io.nadb.internal.store;

import io.nadb.internal.report.Logbook;
import io.nadb.spi.CutReader;
import java.lang.System.Logger.Level;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The feeds of a store that are open: how many, and how far the slowest of them is; and those that
 * nobody can close any more.
 *
 * <p>One that is open when the store is closed is told of by nobody: that ends it, as its contract
 * has it, and who waits in it notices so.
 */
final class OpenFeeds {
  private static final Logbook LOG = Logbook.of(OpenFeeds.class);

  private final String store;
  private final Runnable closed;
  private final Set<Watched> open = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<OpenChanges> lost = new ReferenceQueue<>();

  /**
   * Creates it.
   *
   * @param closed is called when one has been closed, for which compaction may have waited
   */
  OpenFeeds(String store, Runnable closed) {
    this.store = store;
    this.closed = closed;
  }

  /**
   * An open feed, without what its user has of it: where it is, and whether that can be reached.
   */
  final class Watched extends PhantomReference<OpenChanges> {
    private final CutReader reader;
    private final Throwable openedHere = new Throwable("opened here");
    private volatile long sequence;

    private Watched(OpenChanges feed, CutReader reader) {
      super(feed, lost);
      this.reader = reader;
      this.sequence = reader.sequence();
    }

    /** The number up to which everything has been returned. */
    long sequence() {
      return sequence;
    }

    /** Has everything been returned up to a number. */
    void move(long to) {
      sequence = to;
    }

    /** Lets go of what is kept for it; returns false if that has been done before. */
    boolean close() {
      if (!open.remove(this)) {
        return false;
      }
      reader.close();
      closed.run();
      return true;
    }
  }

  /** Begins to watch one, which goes through the cuts by a reader. */
  Watched add(OpenChanges feed, CutReader reader) {
    closeLost();
    Watched watched = new Watched(feed, reader);
    open.add(watched);
    return watched;
  }

  /** Closes those that have been forgotten, and says where they were opened. */
  void closeLost() {
    for (Reference<?> next = lost.poll(); next != null; next = lost.poll()) {
      if (next instanceof Watched one && one.close()) {
        LOG.log(
            Level.WARNING,
            "store "
                + store
                + ": a feed of changes was not closed, until the garbage collector found it; it was"
                + " opened here:",
            one.openedHere);
      }
    }
  }

  /** How many are open. */
  int count() {
    return open.size();
  }

  /**
   * How many writes the slowest has still to see; 0 if none is open, or all are up to date.
   *
   * @param durable the number of the last write that there is to be seen
   */
  long lag(long durable) {
    long lag = 0;
    for (Watched one : open) {
      lag = Math.max(lag, durable - one.sequence);
    }
    return lag;
  }
}
