package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that moves only when a test says so, while the production background threads run.
 *
 * <p>Whatever wakes a background thread, be it time that passes or a write that fills a buffer,
 * returns when the background threads have done what there was to do and wait again. So a test sees
 * all of a flush or nothing of it, and each run is like the last.
 *
 * <p>Nothing here sleeps. A background thread that does not come to rest within the patience (ten
 * seconds of the machine's time) makes the call fail, with a dump of the threads. So does an
 * interruption of the thread that waits, such as JUnit's {@code @Timeout} makes. A background
 * thread that a {@link Fault} blocks or slows down, or a {@link Hold} holds, counts as waiting.
 *
 * <p>All methods may be called from any thread, but {@code advance} from no background thread.
 *
 * @since 0.1.0
 */
public final class VirtualTime implements TimeSource {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Instant start;
  private final ProgressWatch patience;

  /** Held by the one thread that moves time. */
  private final ReentrantLock moving = new ReentrantLock();

  @GuardedBy("this")
  private final List<VirtualAlarm> alarms = new ArrayList<>();

  @GuardedBy("this")
  private final List<Sleeper> sleepers = new ArrayList<>();

  @GuardedBy("this")
  private long nanos;

  /** How far the wall clock has been set forward, or back if that is negative. */
  @GuardedBy("this")
  private Duration shift = Duration.ZERO;

  /** Begins at the start of the year 2030. */
  public VirtualTime() {
    this(START, PATIENCE);
  }

  /** Begins at a given time. */
  public VirtualTime(Instant start) {
    this(start, PATIENCE);
  }

  /**
   * Begins at a given time.
   *
   * @param patience how long, on the machine's clock, a background thread may go without coming to
   *     rest, and an application's thread may wait for time that nobody moves
   */
  public VirtualTime(Instant start, Duration patience) {
    this.start = Objects.requireNonNull(start, "start");
    this.patience = new ProgressWatch(this, patience.toNanos());
  }

  /** When this clock began. */
  public Instant start() {
    return start;
  }

  /** How long, on the machine's clock, something is waited for. */
  long patienceNanos() {
    return patience.nanos();
  }

  /** How far it has come. */
  public Duration elapsed() {
    return Duration.ofNanos(nanoTime());
  }

  @Override
  public synchronized Instant now() {
    return start.plusNanos(nanos).plus(shift);
  }

  /**
   * {@inheritDoc} Here this very time, so that entries on a real server expire by it too; but
   * {@link #shiftClock} sets this machine's clock alone.
   */
  @Override
  public synchronized Optional<Instant> serverTime() {
    return Optional.of(start.plusNanos(nanos));
  }

  @Override
  public synchronized long nanoTime() {
    return nanos;
  }

  /**
   * Moves time, stopping at each deadline on the way, the last moment included, in order and one at
   * a time; returns when all that was due is done.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   * @throws AssertionError if a background thread does not come to rest, or this thread is
   *     interrupted; time has then come as far as it has
   */
  public void advance(Duration duration) {
    checkForward(duration);
    checkNotBackground();
    if (!moving.tryLock()) {
      try {
        moving.lockInterruptibly();
      } catch (InterruptedException e) {
        throw ThreadDump.interrupted("advance waits for another thread that moves time");
      }
    }
    try {
      moveBy(duration.toNanos());
    } finally {
      moving.unlock();
    }
  }

  /**
   * Moves time to a moment, as {@link #advance} does.
   *
   * @throws IllegalArgumentException if it has passed already
   */
  public void advanceTo(Instant moment) {
    advance(Duration.between(now(), moment));
  }

  /**
   * Sets the wall clock, {@link #now()}, forward, or back if that is negative, as an operator or a
   * time server does while a machine runs. The monotonic clock stands, so nobody wakes up, and
   * {@link #elapsed()} and the time of a server stay as they are. Steps add up.
   */
  public synchronized void shiftClock(Duration step) {
    shift = shift.plus(step);
  }

  private static void checkForward(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "duration " + duration + " is negative; time only goes forward");
    }
  }

  private synchronized void checkNotBackground() {
    VirtualAlarm own = ownAlarm();
    if (own != null) {
      throw new IllegalStateException(
          "the background thread " + own.owner() + " can't move the time that it waits for");
    }
  }

  private void moveBy(long step) {
    settle();
    long target = Math.addExact(nanoTime(), step);
    while (wakeNext(target)) {
      settle();
      if (Thread.currentThread().isInterrupted()) {
        throw ThreadDump.interrupted(
            "time had come to " + elapsed() + " of " + Duration.ofNanos(target));
      }
    }
  }

  /** Goes to the next deadline and wakes who waits for it; or, if there is none, to the target. */
  private synchronized boolean wakeNext(long target) {
    long next = target;
    VirtualAlarm due = null;
    for (VirtualAlarm alarm : alarms) {
      if (alarm.isParked()
          && alarm.deadline() <= next
          && (due == null || alarm.deadline() < next)) {
        next = alarm.deadline();
        due = alarm;
      }
    }
    Sleeper woken = null;
    for (Sleeper sleeper : sleepers) {
      if (!sleeper.isOver()
          && sleeper.deadline() <= next
          && (due == null || sleeper.deadline() < next)) {
        next = sleeper.deadline();
        woken = sleeper;
      }
    }
    nanos = Math.max(nanos, next);
    patience.changed();
    if (woken != null) {
      woken.end();
      return true;
    }
    if (due != null) {
      due.wake();
      return true;
    }
    return false;
  }

  @Override
  public Alarm newAlarm(String owner) {
    VirtualAlarm alarm = new VirtualAlarm(this, patience, owner);
    synchronized (this) {
      alarms.add(alarm);
      patience.changed();
    }
    return alarm;
  }

  /**
   * {@inheritDoc}
   *
   * @throws AssertionError if nobody moves the time for longer than the patience
   */
  @Override
  public boolean await(CompletableFuture<?> done, Duration timeout) throws InterruptedException {
    if (done.isDone() || timeout.isNegative() || timeout.isZero()) {
      return done.isDone();
    }
    Sleeper sleeper = enter(timeout, null);
    try {
      sleeper.awaitEnd(done, timeout, patience);
    } finally {
      synchronized (this) {
        sleepers.remove(sleeper);
        patience.changed();
      }
    }
    return done.isDone();
  }

  /**
   * Waits until so many threads wait at the same time for something that time can end: {@code
   * awaitDurable}, or a write that waits for room in the buffer.
   *
   * @throws AssertionError if that does not happen within the patience, or this thread is
   *     interrupted
   */
  @SuppressWarnings("GuardedBy") // asked under the lock
  public void awaitWaiting(int count) {
    patience.await(
        () ->
            sleepers.stream().filter(one -> one.alarm() == null && !one.isOver()).count() >= count,
        "fewer than " + count + " threads came to wait");
  }

  /** Waits until all background threads wait. */
  @SuppressWarnings("GuardedBy") // asked under the lock
  void settle() {
    patience.await(
        () -> alarms.stream().allMatch(VirtualAlarm::isAtRest), "background threads run on");
  }

  /**
   * Lets the calling thread take so much time, as a slow operation of a test's own backend does. A
   * background thread goes on when somebody has moved time so far, and counts as waiting until
   * then; another thread moves the time itself, unless yet another is just doing that.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   */
  public void sleep(Duration duration) {
    checkForward(duration);
    if (!duration.isZero()) {
      sleep(duration, new CompletableFuture<>());
    }
  }

  /**
   * Lets a background thread sleep until somebody has moved time so far, or until {@code orElse} is
   * complete. An application's thread moves time itself, unless another thread is just doing that.
   */
  void sleep(Duration duration, CompletableFuture<?> orElse) {
    VirtualAlarm own;
    synchronized (this) {
      own = ownAlarm();
    }
    if (own == null && moving.tryLock()) {
      try {
        moveBy(duration.toNanos());
      } finally {
        moving.unlock();
      }
      return;
    }
    Sleeper sleeper = enter(duration, own);
    try {
      CompletableFuture.anyOf(sleeper.over(), orElse).join();
    } finally {
      synchronized (this) {
        sleeper.end();
        sleepers.remove(sleeper);
        patience.changed();
      }
    }
  }

  private synchronized Sleeper enter(Duration duration, @Nullable VirtualAlarm alarm) {
    Sleeper sleeper = new Sleeper(later(duration), alarm, new CompletableFuture<>());
    sleepers.add(sleeper);
    if (alarm != null) {
      alarm.hold();
    }
    patience.changed();
    return sleeper;
  }

  @GuardedBy("this")
  private long later(Duration duration) {
    try {
      return Math.addExact(nanos, duration.toNanos());
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Creates a place in a test's own code where threads of this time are held. */
  public Hold newHold() {
    return new Hold(this, "a hold");
  }

  /** From now on the calling thread is held on purpose; returns how to say that it no longer is. */
  synchronized Runnable hold() {
    VirtualAlarm own = ownAlarm();
    if (own == null) {
      return () -> {};
    }
    own.hold();
    patience.changed();
    return () -> unhold(own);
  }

  private synchronized void unhold(VirtualAlarm alarm) {
    alarm.unhold();
    patience.changed();
  }

  /** The names of the background threads that have not ended. */
  synchronized List<String> running() {
    return alarms.stream().map(alarm -> alarm.owner()).toList();
  }

  synchronized void remove(VirtualAlarm alarm) {
    alarms.remove(alarm);
  }

  /** Whether all threads that background threads have woken wait again. */
  synchronized boolean hasServedEchoes() {
    return alarms.stream().allMatch(VirtualAlarm::hasServedEchoes);
  }

  /** The alarm of the calling thread, or null if that is no background thread. */
  synchronized @Nullable VirtualAlarm ownAlarm() {
    Thread current = Thread.currentThread();
    for (VirtualAlarm alarm : alarms) {
      if (alarm.belongsTo(current)) {
        return alarm;
      }
    }
    return null;
  }

  /** The present moment. */
  @Override
  public String toString() {
    return "VirtualTime[" + now() + "]";
  }
}
