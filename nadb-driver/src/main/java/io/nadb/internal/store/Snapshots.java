package io.nadb.internal.store;

import io.nadb.KeyVersion;
import io.nadb.NadbException;
import io.nadb.StoreCapability;
import io.nadb.TimeSource;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.BackendView;
import io.nadb.spi.PastView;
import io.nadb.spi.StorageBackend;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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
    if (!Capabilities.of(backend).contains(StoreCapability.SNAPSHOTS)) {
      throw Capabilities.noSnapshots(store);
    }
    closeLost();
    Instant now = clock.instant();
    return open(namespace, buffer.view(this::seen), now);
  }

  /** Finds the versions of an entry that are kept. */
  List<KeyVersion> versions(String namespace, String key, int limit) {
    if (!backend.hasHistory()) {
      throw Capabilities.noHistory(store, backend);
    }
    try {
      return backend.versions(namespace, key, limit);
    } catch (IOException e) {
      throw new NadbException(
          "store " + store + ": the versions of an entry can't be read: " + Reason.of(e), e);
    }
  }

  /** Opens one of what had been flushed by an earlier moment. */
  SnapshotHandle openAt(String namespace, Instant moment) {
    if (!backend.hasHistory()) {
      throw Capabilities.noHistory(store, backend);
    }
    closeLost();
    PastView past;
    try {
      past = backend.viewAt(millis(moment));
    } catch (IOException e) {
      throw new NadbException(
          "store " + store + ": what was there at " + moment + " can't be read: " + Reason.of(e),
          e);
    }
    return open(namespace, View.ofPast(past.sequence(), past.view()), moment);
  }

  /** A moment that no number of milliseconds can say is as good as the first or the last. */
  private static long millis(Instant moment) {
    try {
      return moment.toEpochMilli();
    } catch (ArithmeticException e) {
      return moment.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  private SnapshotHandle open(String namespace, View view, Instant moment) {
    Lease lease;
    try {
      ViewReader reader = new ViewReader(view, true, millis(moment));
      lease = new Lease(new OpenSnapshot(store, view, reader, moment, time.nanoTime()));
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

  /** Has cuts tell of all that removes something in the snapshot: it may be followed by them. */
  private BackendView seen(long sequence) {
    backend.cuts().ifPresent(log -> log.seenUpTo(sequence));
    return backend.view(sequence);
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

  /** For how long the oldest has been open; zero if none is. */
  Duration oldestAge() {
    long now = time.nanoTime();
    long oldest = now;
    for (Watched one : open) {
      oldest = Math.min(oldest, one.snapshot.openedNanos());
    }
    return Duration.ofNanos(now - oldest);
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
