package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.Durability;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.TimeSource;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What has been written but not yet flushed, and the order of all writes.
 *
 * <p>Two layers: writes go to the <i>active</i> one; a flush seals it, and the <i>sealed</i> one stays
 * readable until the backend has it. If that fails, the next seal merges both.
 *
 * <pre>
 *   put ──► active ──seal──► sealed ──drop──► (backend)
 *             ▲                │
 *             └──── merge ─────┘  when the backend failed
 * </pre>
 *
 * <p>Writers hold the lock; readers read {@link #layers()} without it. The <i>epoch</i> counts seals
 * and drops: as long as it stands still, a key that is not in the active layer has not changed.
 *
 * <p>Room: when both layers together would pass twice the limit, writers queue, first come, first
 * served. An entry larger than that is admitted alone, into an empty buffer.
 */
final class WriteBuffer {

  /** What readers see, at one moment. */
  record Layers(Layer active, @Nullable Layer sealed) {}

  private static final int FIRST_EXPECTED_KEYS = 64;

  private final String name;
  private final TimeSource time;
  private final long limitBytes;
  private final long capBytes;
  private final Duration timeout;
  private final boolean tracksUnwritten;
  private final ReentrantLock lock = new ReentrantLock();

  private volatile Layers layers = new Layers(new Layer(FIRST_EXPECTED_KEYS), null);
  private volatile long sequence;
  private volatile long epoch;
  private volatile long stalls;

  /** With {@code durability=written}: the writes that the operating system does not have yet. */
  @GuardedBy("lock")
  private Layer unwritten = new Layer(FIRST_EXPECTED_KEYS);

  @GuardedBy("lock")
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

  @GuardedBy("lock")
  private long reservedBytes;

  @GuardedBy("lock")
  private @Nullable String closedBecause;

  WriteBuffer(EngineSettings settings, TimeSource time, long recoveredSequence) {
    this.name = settings.name();
    this.time = time;
    this.limitBytes = settings.bufferBytes();
    this.capBytes = 2 * settings.bufferBytes();
    this.timeout = settings.writeTimeout();
    this.tracksUnwritten = settings.durability() == Durability.WRITTEN;
    this.sequence = recoveredSequence;
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
    lock.lock();
    try {
      return layers.active.bytes() >= limitBytes || !waiters.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the lock, for a caller that knows there is room or makes none: the sync thread, and whoever
   * flushes.
   */
  void lock() {
    lock.lock();
    if (closedBecause != null) {
      lock.unlock();
      throw new IllegalStateException("store is closed: " + name + " (" + closedBecause + ")");
    }
  }

  void unlock() {
    lock.unlock();
  }

  /**
   * Takes the lock as soon as {@code charge} more bytes fit; the caller puts its write in and
   * unlocks.
   *
   * @param makeRoom called, without the lock, before waiting; asks for a flush
   * @throws NadbTimeoutException if there was no room in time; the lock is not held then
   */
  void lockWithRoom(int charge, Runnable makeRoom) {
    lock();
    if (waiters.isEmpty() && fits(charge)) {
      return;
    }
    Waiter waiter = new Waiter(charge);
    waiters.add(waiter);
    stalls++;
    lock.unlock();
    boolean interrupted = false;
    boolean admitted = false;
    try {
      makeRoom.run();
      admitted = time.await(waiter.admitted, timeout);
    } catch (InterruptedException e) {
      interrupted = true;
      Thread.currentThread().interrupt();
    }
    lock.lock();
    if (waiter.isGranted()) {
      reservedBytes -= charge;
      if (closedBecause == null) {
        return;
      }
    } else {
      waiters.remove(waiter);
      admitWaiters();
    }
    String closed = closedBecause;
    long bytes = totalBytes();
    lock.unlock();
    if (closed != null) {
      throw new IllegalStateException("store is closed: " + name + " (" + closed + ")");
    }
    String state =
        "store "
            + name
            + ": the write buffer holds "
            + bytes
            + " bytes, its hard cap is "
            + capBytes
            + " (twice the option 'buffer'); ";
    if (interrupted) {
      throw new NadbException(state + "interrupted while waiting for room; nothing was written");
    }
    throw new NadbTimeoutException(
        state
            + (admitted ? "no room was made" : "no room within " + timeout)
            + " (option 'write-timeout'); nothing was written. Is the disk slow, full or stuck?");
  }

  /** Puts an entry or a deletion in; the lock is held. Returns its sequence number. */
  @GuardedBy("lock")
  long put(String namespace, String key, Write write) {
    Layer active = layers.active;
    Write replaced = active.get(namespace, key);
    Write placed = Creation.after(replaced, write);
    active.put(namespace, key, placed, replaced);
    sequence = placed.sequence();
    if (tracksUnwritten) {
      unwritten.put(namespace, key, placed, unwritten.get(namespace, key));
    }
    return placed.sequence();
  }

  /**
   * Whether {@code seen} is still the latest version of a key (null: there is none); the lock is
   * held.
   *
   * @param epochBefore the epoch before {@code seen} was read
   */
  boolean isUnchanged(
      String namespace, String key, @Nullable StoredEntry seen, long epochBefore) {
    Write active = layers.active.get(namespace, key);
    if (active == null) {
      return epoch == epochBefore;
    }
    return seen == null ? active.isDelete() : active.sequence() == seen.sequence();
  }

  /**
   * Seals what is buffered, together with what an earlier cut could not flush.
   *
   * @return the cut, or null if nothing is buffered
   */
  @Nullable Layer seal() {
    lock.lock();
    try {
      Layers now = layers;
      Layer cut = now.active;
      if (now.sealed != null) {
        cut.putUnder(now.sealed);
      }
      if (cut.isEmpty()) {
        return null;
      }
      layers = new Layers(new Layer(cut.size() + cut.size() / 2), cut);
      epoch = epoch + 1;
      return cut;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the sealed layer, which the backend has, and admits writers to the room it leaves. */
  void drop() {
    lock.lock();
    try {
      layers = new Layers(layers.active, null);
      epoch = epoch + 1;
      admitWaiters();
    } finally {
      lock.unlock();
    }
  }

  /** With {@code durability=written}: what the operating system does not have yet. */
  Layer takeUnwritten() {
    lock.lock();
    try {
      Layer taken = unwritten;
      unwritten = new Layer(FIRST_EXPECTED_KEYS);
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses all writes from now on. */
  void close(String reason) {
    lock.lock();
    try {
      closedBecause = reason;
      for (Waiter waiter : waiters) {
        waiter.admitted.complete(false);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void admitWaiters() {
    Waiter next = waiters.peek();
    while (next != null && fits(next.charge)) {
      reservedBytes += next.charge;
      waiters.remove();
      next.admitted.complete(true);
      next = waiters.peek();
    }
  }

  @GuardedBy("lock")
  private boolean fits(int charge) {
    long total = totalBytes();
    return total == 0 || total + charge <= capBytes;
  }

  @GuardedBy("lock")
  private long totalBytes() {
    Layer sealed = layers.sealed;
    return reservedBytes + layers.active.bytes() + (sealed == null ? 0 : sealed.bytes());
  }

  /** A writer in the queue; completed with true when room has been reserved for it. */
  private record Waiter(int charge, CompletableFuture<Boolean> admitted) {
    Waiter(int charge) {
      this(charge, new CompletableFuture<>());
    }

    boolean isGranted() {
      return admitted.getNow(false);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
