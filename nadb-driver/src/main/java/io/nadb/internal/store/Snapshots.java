package io.nadb.internal.store;

import io.nadb.TimeSource;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.StorageBackend;
import java.lang.System.Logger.Level;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of a store that are open: how many, since when and what they cost; and those that
 * nobody can close any more.
 */
final class Snapshots {
  private static final Logbook LOG = Logbook.of(Snapshots.class);

  private final String store;
  private final TimeSource time;
  private final InstantSource clock;
  private final WriteBuffer buffer;
  private final StorageBackend backend;
  private final Runnable closed;
  private final Set<Watched> open = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Lease> lost = new ReferenceQueue<>();

  /** Why none can be opened any more; null as long as they can. */
  private volatile @Nullable String ended;

  /**
   * Creates it.
   *
   * @param closed is called when one has been closed, for which files may have waited
   */
  Snapshots(
      String store,
      TimeSource time,
      InstantSource clock,
      WriteBuffer buffer,
      StorageBackend backend,
      Runnable closed) {
    this.store = store;
    this.time = time;
    this.clock = clock;
    this.buffer = buffer;
    this.backend = backend;
    this.closed = closed;
  }

  /** What all handles on a snapshot have, and nobody else: when it is gone, they are. */
  final class Lease {
    private final OpenSnapshot snapshot;
    private final Watched watched;

    private Lease(OpenSnapshot snapshot) {
      this.snapshot = snapshot;
      this.watched = new Watched(this);
    }

    OpenSnapshot snapshot() {
      return snapshot;
    }

    void close() {
      end(watched, "close was called");
    }
  }

  /** An open snapshot, and whether anybody can still reach it. */
  private final class Watched extends PhantomReference<Lease> {
    private final OpenSnapshot snapshot;

    Watched(Lease lease) {
      super(lease, lost);
      this.snapshot = lease.snapshot;
    }
  }

  /** Opens one. */
  SnapshotHandle open(String namespace) {
    closeLost();
    Instant now = clock.instant();
    View view = buffer.view(backend::view);
    Lease lease;
    try {
      ViewReader reader = new ViewReader(view, true, now.toEpochMilli());
      lease = new Lease(new OpenSnapshot(store, view, reader, now, time.nanoTime()));
      open.add(lease.watched);
    } catch (Throwable e) {
      view.close();
      throw e;
    }
    String reason = ended;
    if (reason != null) { // Since whoever asks looked whether the store is open.
      end(lease.watched, reason);
      lease.snapshot.checkOpen();
    }
    return new SnapshotHandle(lease, namespace);
  }

  private boolean end(Watched one, String reason) {
    open.remove(one);
    if (!one.snapshot.close(reason)) {
      return false;
    }
    closed.run();
    return true;
  }

  /** Closes those that have been forgotten, and says where they were opened. */
  void closeLost() {
    for (Reference<?> next = lost.poll(); next != null; next = lost.poll()) {
      if (next instanceof Watched one && end(one, "it was forgotten")) {
        tell(one, "a snapshot was not closed, until the garbage collector found it");
      }
    }
  }

  /** Closes all, for a store that is closed itself. */
  void end(String reason) {
    String why = "the store is closed (" + reason + ")";
    ended = why; // First: one that is opened now is seen here, or sees this.
    for (Watched one : open) {
      if (end(one, why)) {
        tell(one, "a snapshot was open when the store was closed");
      }
    }
  }

  private void tell(Watched one, String what) {
    LOG.log(
        Level.WARNING,
        "store " + store + ": " + what + "; it was opened here:",
        one.snapshot.openedHere());
  }

  /** How many are open. */
  int count() {
    return open.size();
  }

  /** Since when the oldest is open, on the monotonic clock; {@link Long#MAX_VALUE} if none is. */
  long oldestNanos() {
    long oldest = Long.MAX_VALUE;
    for (Watched one : open) {
      oldest = Math.min(oldest, one.snapshot.openedNanos());
    }
    return oldest;
  }

  /** How much memory is kept for them, roughly: what several keep counts for each. */
  long keptBytes() {
    long bytes = 0;
    for (Watched one : open) {
      bytes += one.snapshot.keptBytes(buffer.layers());
    }
    return bytes;
  }
}
