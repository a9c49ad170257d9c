package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.Durability;
import io.nadb.NadbTimeoutException;
import io.nadb.TimeSource;
import io.nadb.spi.BackendView;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.util.Collection;
import java.util.Set;
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
 * <p>Writers hold the lock; readers read {@link #layers()} without it. The <i>epoch</i> counts
 * seals and drops: as long as it stands still, a key that is not in the active layer has not
 * changed.
 *
 * <p>How much room there is for writes, {@link Admission} knows.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held by whoever updates
final class WriteBuffer {

  /** What {@link #replace} returns if the key has changed. */
  static final long CHANGED = 0;

  /** What {@link #replace} returns if there is no room. */
  static final long NO_ROOM = -1;

  /** As much room as a write may want. */
  static final int UNLIMITED = Integer.MAX_VALUE;

  /** What readers see, at one moment. */
  record Layers(MemTable active, @Nullable MemTable sealed) {}

  /**
   * A cut.
   *
   * @param all what is not durable
   * @param unwritten the part of it that the operating system does not have either, if that is kept
   *     apart
   */
  record Sealed(MemTable all, MemTable unwritten) {}

  private final long limitBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Admission admission;

  private final OpenViews views = new OpenViews(lock);
  private volatile Layers layers = new Layers(new MemTable(null, views), null);
  private volatile long sequence;
  private volatile long epoch;

  /** Whether {@link #unwritten} is kept. */
  @GuardedBy("lock")
  private boolean tracksUnwritten;

  /** The writes that the operating system does not have yet, if that is kept. */
  @GuardedBy("lock")
  private MemTable unwritten = new MemTable(null, null);

  /**
   * Creates an empty buffer.
   *
   * @param makeRoom has the buffer flushed; called without the lock by a writer before it waits
   */
  WriteBuffer(EngineSettings settings, TimeSource time, long recoveredSequence, Runnable makeRoom) {
    this.limitBytes = settings.bufferBytes();
    this.admission = new Admission(settings, time, lock, this::bufferedBytes, makeRoom);
    this.tracksUnwritten = settings.durability() == Durability.WRITTEN;
    this.sequence = recoveredSequence;
  }

  Layers layers() {
    return layers;
  }

  long sequence() {
    return sequence;
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
      BackendView backend = stored.apply(sequence);
      try {
        View view = new View(views, sequence, layers, backend);
        views.add(view);
        return view;
      } catch (Throwable e) {
        backend.close();
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many views are open. */
  int views() {
    return views.count();
  }

  long epoch() {
    return epoch;
  }

  long stalls() {
    return admission.stalls();
  }

  /** Whether the buffer should be flushed because of its size. */
  boolean isFull() {
    return layers.active.bytes() >= limitBytes || admission.isCrowded();
  }

  /**
   * Puts an entry in.
   *
   * @return its sequence number
   * @throws NadbTimeoutException if there was no room in time; nothing has been written then
   */
  long set(String namespace, String key, byte[] value, Set<String> tags, long now, long expiresAt) {
    int charge = MemTable.charge(key, value.length, tags);
    lock.lock();
    try {
      admission.checkOpen();
      boolean waits = !admission.isFree(charge);
      if (waits) {
        admission.await(charge);
      }
      try {
        return put(namespace, key, Write.set(sequence + 1, value, tags, now, true, now, expiresAt));
      } finally {
        if (waits) {
          admission.giveBack(charge);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is room for a write, and keeps it until {@link #release}.
   *
   * @throws NadbTimeoutException if there was no room in time
   */
  void reserve(int charge) {
    lock.lock();
    try {
      admission.checkOpen();
      if (admission.isFree(charge)) {
        admission.take(charge);
      } else {
        admission.await(charge);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives back room that was reserved, used or not. */
  void release(int charge) {
    lock.lock();
    try {
      admission.giveBack(charge);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a write in, unless the key has changed since it was looked up, or there is no room.
   *
   * @param seen what was found (null: nothing)
   * @param epochBefore the epoch before it was looked up
   * @param reserved how much room the caller has reserved; {@link #UNLIMITED} for the sync thread,
   *     which must not wait for room that it alone makes
   * @return the sequence number, {@link #CHANGED} or {@link #NO_ROOM}
   */
  long replace(
      String namespace,
      String key,
      @Nullable StoredEntry seen,
      long epochBefore,
      Write write,
      int reserved) {
    lock.lock();
    try {
      admission.checkOpen();
      int charge = MemTable.charge(key, write);
      if (charge > reserved && !admission.isFree(charge)) {
        return NO_ROOM;
      }
      Write active = layers.active.get(namespace, key);
      boolean unchanged;
      if (active == null) {
        unchanged = epoch == epochBefore;
      } else {
        unchanged = seen == null ? active.isDelete() : active.sequence() == seen.sequence();
      }
      return unchanged ? put(namespace, key, write.withSequence(sequence + 1)) : CHANGED;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Deletes all of the given keys in one go and without regard to the cap; the caller flushes at
   * once.
   */
  void deleteAll(String namespace, Collection<String> keys, long now) {
    lock.lock();
    try {
      admission.checkOpen();
      for (String key : keys) {
        put(namespace, key, Write.delete(sequence + 1, now));
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private long put(String namespace, String key, Write write) {
    Write placed = layers.active.put(namespace, key, write);
    sequence = placed.sequence();
    if (tracksUnwritten) {
      unwritten.put(namespace, key, placed);
    }
    return placed.sequence();
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
      epoch = epoch + 1;
      return new Sealed(cut, takeUnwrittenHeld());
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
      layers = new Layers(layers.active, null);
      epoch = epoch + 1;
      admission.admit();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps apart from now on what the operating system does not have yet. */
  void trackUnwritten() {
    lock.lock();
    try {
      tracksUnwritten = true;
    } finally {
      lock.unlock();
    }
  }

  /** With {@code durability=written}: what the operating system does not have yet. */
  MemTable takeUnwritten() {
    lock.lock();
    try {
      return takeUnwrittenHeld();
    } finally {
      lock.unlock();
    }
  }

  /** Never hands out the layer that writers go on with: what is taken is read without the lock. */
  @GuardedBy("lock")
  private MemTable takeUnwrittenHeld() {
    MemTable taken = unwritten;
    unwritten = new MemTable(null, null);
    return taken;
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

  @GuardedBy("lock")
  private long bufferedBytes() {
    MemTable sealed = layers.sealed;
    return layers.active.bytes() + (sealed == null ? 0 : sealed.bytes());
  }
}
