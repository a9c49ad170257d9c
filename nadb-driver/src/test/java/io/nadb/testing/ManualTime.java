package io.nadb.testing;

import io.nadb.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A time that moves only when a test says so, while the real background threads run: ringing and
 * advancing return when every background thread waits again.
 */
public final class ManualTime implements TimeSource {
  private final List<ManualAlarm> alarms = new ArrayList<>();
  private final List<Wait> waits = new ArrayList<>();

  private long nanos;

  private Instant start = Instant.parse("2030-01-01T00:00:00Z");

  @Override
  public synchronized Instant now() {
    return start.plusNanos(nanos);
  }

  @Override
  public synchronized long nanoTime() {
    return nanos;
  }

  /** Passes each deadline up to and including the end of {@code duration}, in order. */
  public void advance(Duration duration) {
    long target = nanoTime() + duration.toNanos();
    while (true) {
      ManualAlarm due;
      synchronized (this) {
        due =
            alarms.stream()
                .filter(alarm -> alarm.deadline <= target)
                .min(Comparator.comparingLong(alarm -> alarm.deadline))
                .orElse(null);
        nanos = Math.max(nanos, due == null ? target : due.deadline);
        waits.removeIf(wait -> wait.deadline <= nanos && wait.over.complete(null));
        if (due == null) {
          return;
        }
      }
      due.ring();
    }
  }

  /** Sets the wall clock forward or back, while the monotonic clock stands still. */
  public synchronized void setClock(Duration forward) {
    start = start.plus(forward);
  }

  /** Creates a place where this test holds threads that come by. */
  public Hold hold() {
    return new Hold();
  }

  @Override
  public Alarm newAlarm(String owner) {
    ManualAlarm alarm = new ManualAlarm();
    synchronized (this) {
      alarms.add(alarm);
    }
    return alarm;
  }

  @Override
  public boolean await(CompletableFuture<?> done, Duration timeout) throws InterruptedException {
    Wait wait;
    synchronized (this) {
      wait = new Wait(nanos + timeout.toNanos(), new CompletableFuture<>());
      waits.add(wait);
      notifyAll();
    }
    try {
      CompletableFuture.anyOf(done.handle((value, error) -> true), wait.over).get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      synchronized (this) {
        waits.remove(wait); // So that untilWaiting counts only those who still wait.
      }
    }
    return done.isDone();
  }

  /** Blocks until {@code count} threads wait in {@link #await} at the same time. */
  public synchronized void untilWaiting(int count) throws InterruptedException {
    while (waits.stream().filter(wait -> !wait.over.isDone()).count() < count) {
      wait();
    }
  }

  private record Wait(long deadline, CompletableFuture<@Nullable Void> over) {}

  /**
   * A place where threads are held until a test lets them go. A background thread of this time that
   * is held counts as one that waits, once it has waited for the first time.
   */
  public final class Hold {
    private final List<ManualAlarm> held = new ArrayList<>();
    private boolean reached;
    private boolean open;

    /** Blocks the calling thread until {@link #release}. */
    public void pass() {
      synchronized (ManualTime.this) {
        for (ManualAlarm alarm : alarms) {
          if (alarm.worker == Thread.currentThread() && !open) {
            alarm.held = true;
            held.add(alarm);
          }
        }
        reached = true;
        ManualTime.this.notifyAll();
        waitUntil(() -> open);
      }
    }

    /** Waits until a thread is held. */
    public void untilReached() {
      synchronized (ManualTime.this) {
        waitUntil(() -> reached);
      }
    }

    /** Lets everybody go, now and later; returns when the background threads wait again. */
    public void release() {
      synchronized (ManualTime.this) {
        open = true;
        held.forEach(alarm -> alarm.held = false);
        ManualTime.this.notifyAll();
        waitUntil(() -> held.stream().allMatch(ManualAlarm::isQuiet));
      }
    }
  }

  /** Waits until some other thread makes it true and notifies; keeps an interruption. */
  private synchronized void waitUntil(BooleanSupplier condition) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** An alarm whose ring comes back when the background thread waits again. */
  private final class ManualAlarm implements Alarm {
    private @Nullable Thread worker;
    private boolean rung;
    private boolean parked;
    private boolean held;
    private boolean closed;
    private long deadline = Long.MAX_VALUE;

    boolean isQuiet() {
      return closed || held || (parked && !rung);
    }

    @Override
    public void awaitUntil(long deadlineNanos) throws InterruptedException {
      synchronized (ManualTime.this) {
        worker = Thread.currentThread();
        try {
          if (nanos < deadlineNanos) {
            deadline = deadlineNanos;
            while (!rung) { // When the deadline has come, advance rings: one thread at a time.
              if (!parked) { // Told once: two threads that told each other would never rest.
                parked = true;
                ManualTime.this.notifyAll();
              }
              ManualTime.this.wait();
            }
          }
        } finally {
          deadline = Long.MAX_VALUE;
          rung = false;
          parked = false;
        }
      }
    }

    @Override
    public void ring() {
      synchronized (ManualTime.this) {
        rung = true;
        if (Thread.currentThread() != worker) {
          parked = false;
          ManualTime.this.notifyAll();
          waitUntil(this::isQuiet);
        }
      }
    }

    @Override
    public void close() {
      synchronized (ManualTime.this) {
        closed = true;
        alarms.remove(this);
        ManualTime.this.notifyAll();
      }
    }
  }
}
