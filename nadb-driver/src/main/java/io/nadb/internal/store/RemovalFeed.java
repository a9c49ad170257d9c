package io.nadb.internal.store;

import io.nadb.Registration;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.RemovalListener;
import io.nadb.TimeSource;
import io.nadb.internal.report.Logbook;
import io.nadb.internal.sync.Member;
import io.nadb.internal.sync.SyncTask;
import io.nadb.spi.StoredEntry;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one listener has yet to be told of: a queue without a bound, filled by writers under the
 * buffer's lock, in the order of their writes, and emptied by a thread of the registry.
 */
public final class RemovalFeed implements Registration, SyncTask {
  private static final Logbook LOG = Logbook.of(RemovalFeed.class);

  /** How long it keeps the thread from other listeners, if its own is quick. */
  private static final long STEP_NANOS = 2_000_000;

  private final RemovalListeners listeners;
  private final String store;
  private final String namespace;
  private final RemovalListener listener;
  private final Set<RemovalCause> withValue = EnumSet.noneOf(RemovalCause.class);
  private final TimeSource time;
  private final AtomicLong failures;
  private final AtomicLong queued = new AtomicLong();
  private final AtomicLong told = new AtomicLong();

  /** What was told of last; the next one is what follows it. Whoever tells. */
  private QueuedRemoval head = new QueuedRemoval();

  /** The last one; whoever holds the buffer's lock. */
  private QueuedRemoval last = head;

  private volatile @Nullable Member member;
  private volatile boolean ended;

  /** Completed when nothing is left to be told; null as long as nobody waits for that. */
  private volatile @Nullable CompletableFuture<Boolean> idle;

  /** Whether the listener has thrown when it was called last; whoever tells. */
  private boolean failing;

  RemovalFeed(
      RemovalListeners listeners,
      String store,
      String namespace,
      RemovalListener listener,
      TimeSource time,
      AtomicLong failures) {
    this.listeners = listeners;
    this.store = store;
    this.namespace = namespace;
    this.listener = listener;
    this.time = time;
    this.failures = failures;
    for (RemovalCause cause : RemovalCause.values()) {
      if (listener.wantsValue(cause)) {
        withValue.add(cause);
      }
    }
  }

  /** A removal in the queue of a listener. */
  static final class QueuedRemoval {
    private final @Nullable RemovalFeed feed;
    private @Nullable RemovedEntry removed;
    private volatile @Nullable QueuedRemoval next;

    /** Stands before the first one. */
    private QueuedRemoval() {
      feed = null;
    }

    /** Allocates all that it takes to queue it; the value is not copied. */
    QueuedRemoval(
        RemovalFeed feed,
        RemovalCause cause,
        long sequence,
        StoredEntry entry,
        byte @Nullable [] value) {
      this.feed = feed;
      this.removed = new RemovedEntry(cause, sequence, entry, value);
    }

    /** Puts it at the end of its queue; with the buffer's lock held. */
    void append() {
      if (feed != null) {
        feed.append(this);
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  private record RemovedEntry(
      RemovalCause cause, long sequence, StoredEntry entry, byte @Nullable [] value) {
    Removal toRemoval() {
      return new Removal(
          cause,
          sequence,
          entry.toMetadata(),
          Optional.ofNullable(value).map(byte[]::clone)); // A buffered one is shared.
    }
  }

  String namespace() {
    return namespace;
  }

  /** Whether the listener wants the value of what is removed. */
  boolean wantsValue(RemovalCause cause) {
    return withValue.contains(cause);
  }

  /** Takes part in the delivery, for which a thread may have to be started. */
  void join(RemovalDelivery delivery) {
    Member joining = delivery.member(this);
    joining.join();
    member = joining;
  }

  private void append(QueuedRemoval node) {
    queued.setRelease(queued.getPlain() + 1); // First: what is told has been queued.
    last.next = node;
    last = node;
  }

  /** How many removals are still to be told. */
  long pending() {
    long done = told.get(); // First, so that it is never more than were queued.
    return queued.get() - done;
  }

  void wakeIfBehind() {
    Member joined = member;
    if (joined != null && pending() > 0) {
      joined.wake();
    }
  }

  @Override
  public String name() {
    return store + " (a removal listener of namespace '" + namespace + "')";
  }

  @Override
  public long runDue(long nowNanos) {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean runStep() {
    long since = time.nanoTime();
    QueuedRemoval next = head.next;
    while (next != null && !ended) {
      tell(next);
      next = time.nanoTime() - since < STEP_NANOS ? head.next : null;
    }
    boolean more = head.next != null && !ended;
    CompletableFuture<Boolean> waiting = idle;
    if (waiting != null && !more) {
      waiting.complete(true);
    }
    return more;
  }

  private void tell(QueuedRemoval next) {
    RemovedEntry removed = next.removed;
    if (removed != null) { // As all are but the one that stands before the first.
      Removal removal = removed.toRemoval();
      next.removed = null;
      head = next; // From now on it has been told, whatever comes of it.
      call(removal);
    }
  }

  /** Calls the listener, which may throw anything: in the catch, there may be no memory left. */
  private void call(Removal removal) {
    Throwable thrown = null;
    try {
      listener.onRemoval(removal);
    } catch (Throwable e) {
      thrown = e;
    }
    told.incrementAndGet();
    Thread.interrupted(); // The thread serves others, too, whom nobody has interrupted.
    boolean failedBefore = failing;
    failing = thrown != null;
    if (thrown != null) {
      failures.incrementAndGet();
      LOG.log(
          failedBefore ? Level.DEBUG : Level.WARNING,
          "store "
              + store
              + ": a listener has thrown at the removal of '"
              + removal.key()
              + "'; it is told of the next one all the same",
          thrown);
    }
  }

  /** Ends it, with what has not been told; a call of the listener is not waited for. */
  @Override
  public void close() {
    listeners.remove(this);
    end();
  }

  /** Whether nobody will be told any more. */
  boolean hasEnded() {
    return ended;
  }

  /**
   * Ends those of one store once they have been told of what was removed before, unless that takes
   * too long; see {@link RemovalListeners#finish}.
   */
  static void finish(Collection<RemovalFeed> feeds) {
    feeds.stream().findAny().ifPresent(any -> any.listeners.finish(feeds));
  }

  /** Completed when the listener has been told of all that is queued, and nothing more comes. */
  CompletableFuture<Boolean> untilIdle() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    idle = done;
    if (pending() == 0) {
      done.complete(true);
    }
    wakeIfBehind();
    return done;
  }

  /** Has the thread that tells leave it alone. */
  void end() {
    ended = true;
    Member joined = member;
    if (joined != null) {
      joined.abandon();
    }
  }
}
