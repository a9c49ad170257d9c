package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.Durability;
import io.nadb.NadbTimeoutException;
import io.nadb.TimeSource;
import io.nadb.spi.BackendView;
import io.nadb.spi.Write;
import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What has been written but not yet flushed, and the order of all writes.
 *
 * <p>Two layers: writes go to the <i>active</i> one; a flush seals it, and the <i>sealed</i> one
 * stays readable until the backend has it. If that fails, the next seal merges both.
 *
 * <pre>
 *   put ──► active ──seal──► sealed ──drop──► (backend)
 *             ▲                │
 *             └──── merge ─────┘  when the backend failed
 * </pre>
 *
 * <p>Writers hold the lock; readers read {@link #layers()} without it. Of a batch of several keys
 * they see all or nothing: a {@link CommitFence} stands before it until it is whole.
 *
 * <p>How much room there is for writes, {@link Admission} knows.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held by whoever updates
final class WriteBuffer {

  /** What readers see, at one moment. */
  record Layers(MemTable active, @Nullable MemTable sealed) {
    /** The latest buffered write of a key; null if there is none. */
    @Nullable Write latest(String namespace, String key) {
      Write write = active.get(namespace, key);
      return write == null && sealed != null ? sealed.get(namespace, key) : write;
    }
  }

  /**
   * A cut.
   *
   * @param all what is not durable
   * @param unwritten the part of it that the operating system does not have either, if that is kept
   *     apart
   */
  record Sealed(MemTable all, MemTable unwritten) {}

  private final long limitBytes;
  private final ReentrantLock lock = new BriefLock();
  private final Admission admission;

  private final OpenViews views = new OpenViews(lock);
  private final CommitFence fence = new CommitFence(lock);

  /** Changed under the lock, when a cut is sealed or dropped. */
  private volatile Layers layers = new Layers(new MemTable(null, views), null);

  /** The number of the last write; changed under the lock, once its whole batch can be found. */
  private volatile long sequence;

  /** Of the last write that has left the buffer for the backend; changed under the lock. */
  private volatile long dropped;

  /** Who listens to removals; null if nobody does. Changed under the lock. */
  private volatile @Nullable RemovalWatch watch;

  @GuardedBy("lock")
  private final Unwritten unwritten;

  /**
   * Creates an empty buffer.
   *
   * @param makeRoom has the buffer flushed; called without the lock by a writer before it waits
   */
  WriteBuffer(EngineSettings settings, TimeSource time, long recoveredSequence, Runnable makeRoom) {
    this.limitBytes = settings.bufferBytes();
    this.admission = new Admission(settings, time, lock, this::bufferedBytes, makeRoom);
    this.unwritten = new Unwritten(settings.durability() == Durability.WRITTEN);
    this.sequence = recoveredSequence;
    this.dropped = recoveredSequence;
  }

  Layers layers() {
    return layers;
  }

  /**
   * The latest buffered write of a key, with the whole of its batch; null if there is none. Takes
   * no lock, unless that batch is being put in.
   */
  @Nullable Write read(String namespace, String key) {
    Write write = layers.latest(namespace, key);
    if (write != null) {
      fence.pass(write.sequence());
    }
    return write;
  }

  /** Has a change of the backend be seen, up to a number: no view is opened meanwhile. */
  void goOn(long last, Runnable change) {
    lock.lock();
    try {
      change.run();
      sequence = last;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Opens a view of this moment.
   *
   * @param stored opens the backend's view for a sequence number; called under the lock, so that no
   *     layer is sealed or dropped meanwhile
   */
  View view(LongFunction<BackendView> stored) {
    lock.lock();
    try {
      return views.open(sequence, layers, stored.apply(sequence));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Finds a moment at which something was true of several keys, none of them being written.
   *
   * @return the number of the last write before it; -1 if it is not true now, or if that is not
   *     known, since a write that may have changed it has left the buffer
   */
  long momentOf(Collection<Precondition> conditions) {
    if (conditions.isEmpty()) {
      return sequence;
    }
    lock.lock();
    try {
      for (Precondition condition : conditions) {
        if (!condition.holds(layers, dropped, sequence)) {
          return -1;
        }
      }
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /** The number of the last write that has left the buffer for the backend. */
  long dropped() {
    return dropped;
  }

  /** How many views are open. */
  int views() {
    return views.count();
  }

  /** Has others listen to removals from the next write on; null: nobody. */
  void watch(@Nullable RemovalWatch listening) {
    lock.lock();
    try {
      watch = listening;
    } finally {
      lock.unlock();
    }
  }

  /** The number of the last write, all of whose batch can be found. */
  long sequence() {
    return sequence;
  }

  long stalls() {
    return admission.stalls();
  }

  /** Whether the buffer should be flushed because of its size. */
  boolean isFull() {
    return layers.active.bytes() >= limitBytes || admission.isCrowded();
  }

  /**
   * Makes the writes of a batch, all of them at once; the only way in. If what they depend on has
   * changed, or if they had to wait for room and so may have missed something, they are proposed
   * anew, and keep the room until then.
   *
   * @return the number of the last of them, 0 if none is proposed
   * @throws NadbTimeoutException if there was no room in time; nothing has been written then
   * @throws IllegalStateException if the store is closed
   */
  long commit(Proposal proposal) {
    long granted = 0;
    try {
      while (true) {
        RemovalWatch told = watch;
        WriteBatch batch = proposal.propose();
        if (batch == null) {
          return 0;
        }
        if (told != null) {
          batch = told.over(batch);
        }
        lock.lock();
        try {
          admission.checkOpen();
          if (batch.charge() > granted && granted > 0) {
            admission.giveBack(granted);
            granted = 0;
          }
          if (batch.charge() > granted && !admission.isFree(batch.charge())) {
            admission.await(batch.charge(), proposal.waits());
            granted = batch.charge();
          } else if (told == watch && batch.holds(layers, dropped, sequence)) {
            return put(batch);
          }
        } finally {
          lock.unlock();
        }
      }
    } finally {
      if (granted > 0) {
        admission.giveBack(granted);
      }
    }
  }

  @GuardedBy("lock")
  private long put(WriteBatch batch) {
    if (batch instanceof WriteBatch.Single single) {
      put(single.namespace(), single.key(), single.write(sequence + 1));
    } else if (batch instanceof WriteBatch.Touch touch) {
      put(touch.namespace(), touch.key(), touch.write(sequence + 1));
    } else if (batch instanceof WriteBatch.Several several) {
      putAll(several);
    }
    return sequence;
  }

  @GuardedBy("lock")
  private void put(String namespace, String key, Write write) {
    Write placed = layers.active.put(namespace, key, write);
    unwritten.put(namespace, key, write, placed);
    sequence = placed.sequence();
  }

  /** Puts several writes in: what may fail, as for want of memory, before any of them shows. */
  @GuardedBy("lock")
  private void putAll(WriteBatch.Several batch) {
    PendingBatch pending = new PendingBatch(batch, layers, unwritten, sequence);
    fence.raise(sequence + 1);
    try {
      pending.publish();
      sequence = pending.last();
    } finally {
      fence.lower();
    }
    pending.tell();
  }

  /** Notes why a flush failed, for writers who wait in vain for the room it would have made. */
  void flushFailed(Throwable failure) {
    lock.lock();
    try {
      admission.flushFailed(failure);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Seals what is buffered, together with what an earlier cut could not flush.
   *
   * @return the cut, or null if nothing is buffered
   */
  @Nullable Sealed seal() {
    lock.lock();
    try {
      Layers now = layers;
      MemTable cut = now.active;
      if (now.sealed != null) {
        cut.putUnder(now.sealed);
      }
      if (cut.isEmpty()) {
        admission.admit();
        return null;
      }
      layers = new Layers(new MemTable(cut, views), cut);
      return new Sealed(cut, unwritten.take());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether nothing is buffered. Under the lock, so that a write that came before is seen, whoever
   * is in the midst of it.
   */
  boolean isEmpty() {
    lock.lock();
    try {
      return layers.active.isEmpty() && layers.sealed == null;
    } finally {
      lock.unlock();
    }
  }

  /** When the first buffered entry expires, or earlier; likewise under the lock. */
  long earliestExpiry() {
    lock.lock();
    try {
      MemTable sealed = layers.sealed;
      long active = layers.active.earliestExpiry();
      return sealed == null ? active : Math.min(active, sealed.earliestExpiry());
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the sealed layer, which the backend has, and admits writers to the room it leaves. */
  void drop() {
    lock.lock();
    try {
      admission.flushFailed(null);
      MemTable sealed = layers.sealed;
      if (sealed != null) {
        dropped = sealed.sequence();
      }
      layers = new Layers(layers.active, null);
      admission.admit();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps apart from now on what the operating system does not have yet. */
  void trackUnwritten() {
    lock.lock();
    try {
      unwritten.track();
    } finally {
      lock.unlock();
    }
  }

  /** With {@code durability=written}: what the operating system does not have yet. */
  MemTable takeUnwritten() {
    lock.lock();
    try {
      return unwritten.take();
    } finally {
      lock.unlock();
    }
  }

  /** All that is buffered, as it is now, and with it what {@link #takeUnwritten} has. */
  MemTable takeAll() {
    lock.lock();
    try {
      unwritten.take();
      return MemTable.copy(layers.active, layers.sealed);
    } finally {
      lock.unlock();
    }
  }

  /** Refuses all writes from now on. */
  void close(String reason) {
    lock.lock();
    try {
      admission.close(reason);
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return admission.isClosed();
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes are buffered; exact under the lock. */
  private long bufferedBytes() {
    MemTable sealed = layers.sealed;
    return layers.active.bytes() + (sealed == null ? 0 : sealed.bytes());
  }
}
