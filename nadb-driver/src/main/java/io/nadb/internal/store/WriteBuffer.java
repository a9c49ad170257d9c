package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.Durability;
import io.nadb.NadbTimeoutException;
import io.nadb.TimeSource;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
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
 * <p>Room: when both layers together would pass twice the limit, writers queue, first come, first
 * served. An entry larger than that is admitted alone, into an empty buffer.
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

  private final String name;
  private final TimeSource time;
  private final long limitBytes;
  private final Duration timeout;
  private final Runnable makeRoom;
  private final ReentrantLock lock = new ReentrantLock();
  private final Room room;

  private volatile Layers layers = new Layers(new MemTable(null), null);
  private volatile long sequence;
  private volatile long epoch;
  private volatile long stalls;

  /** Whether {@link #unwritten} is kept. */
  @GuardedBy("lock")
  private boolean tracksUnwritten;

  /** The writes that the operating system does not have yet, if that is kept. */
  @GuardedBy("lock")
  private MemTable unwritten = new MemTable(null);

  @GuardedBy("lock")
  private @Nullable String closedBecause;

  /**
   * Creates an empty buffer.
   *
   * @param makeRoom has the buffer flushed; called without the lock by a writer before it waits
   */
  WriteBuffer(EngineSettings settings, TimeSource time, long recoveredSequence, Runnable makeRoom) {
    this.name = settings.name();
    this.time = time;
    this.limitBytes = settings.bufferBytes();
    this.timeout = settings.writeTimeout();
    this.room = new Room(name, 2 * limitBytes, timeout);
    this.tracksUnwritten = settings.durability() == Durability.WRITTEN;
    this.sequence = recoveredSequence;
    this.makeRoom = makeRoom;
  }

  Layers layers() {
    return layers;
  }

  long sequence() {
    return sequence;
  }

  long epoch() {
    return epoch;
  }

  long stalls() {
    return stalls;
  }

  /** Whether the buffer should be flushed because of its size. */
  boolean isFull() {
    return layers.active.bytes() >= limitBytes || room.isCrowded();
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
      checkOpen();
      if (!room.isFree(charge, bufferedBytes())) {
        waitForRoom(charge);
        room.giveBack(charge);
      }
      return put(namespace, key, Write.set(sequence + 1, value, tags, now, true, now, expiresAt));
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
      checkOpen();
      if (room.isFree(charge, bufferedBytes())) {
        room.take(charge);
      } else {
        waitForRoom(charge);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives back room that was reserved, used or not. */
  void release(int charge) {
    lock.lock();
    try {
      room.giveBack(charge);
      room.admit(bufferedBytes());
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
      checkOpen();
      int charge = MemTable.charge(key, write);
      if (charge > reserved && !room.isFree(charge, bufferedBytes())) {
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
      checkOpen();
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

  @GuardedBy("lock")
  private void checkOpen() {
    if (closedBecause != null) {
      throw new IllegalStateException("store is closed: " + name + " (" + closedBecause + ")");
    }
  }

  /** Queues for room, without the lock, and comes back with the lock and the room, reserved. */
  @GuardedBy("lock")
  private void waitForRoom(int charge) {
    Room.Waiter waiter = room.queue(charge);
    stalls++;
    boolean interrupted = false;
    lock.unlock();
    try {
      makeRoom.run();
      time.await(waiter.admitted(), timeout);
    } catch (InterruptedException e) {
      interrupted = true;
      Thread.currentThread().interrupt();
    } finally {
      lock.lock();
      if (!waiter.isGranted()) {
        room.leave(waiter);
        room.admit(bufferedBytes());
      }
    }
    if (waiter.isGranted()) {
      if (closedBecause != null) {
        room.giveBack(charge);
      }
      checkOpen();
      return;
    }
    checkOpen();
    throw room.refused(bufferedBytes(), interrupted);
  }

  /** Notes why a flush failed, for writers who wait in vain for the room it would have made. */
  void flushFailed(Throwable failure) {
    lock.lock();
    try {
      room.flushFailed(failure);
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
        room.admit(bufferedBytes());
        return null;
      }
      layers = new Layers(new MemTable(cut), cut);
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
      room.flushFailed(null);
      layers = new Layers(layers.active, null);
      epoch = epoch + 1;
      room.admit(bufferedBytes());
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
    unwritten = new MemTable(null);
    return taken;
  }

  /** Refuses all writes from now on. */
  void close(String reason) {
    lock.lock();
    try {
      closedBecause = reason;
      room.close();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closedBecause != null;
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
