package io.nadb.testing;

import io.nadb.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A time that moves only when a test says so, while the real background threads run: ringing and
 * advancing return when every background thread waits again.
 */
public final class ManualTime implements TimeSource {
  private final List<ManualAlarm> alarms = new ArrayList<>();
  private final List<Wait> waits = new ArrayList<>();

  private long nanos;

  private final Instant start = Instant.parse("2030-01-01T00:00:00Z");

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
        due = null;
        long next = target;
        for (ManualAlarm alarm : alarms) {
          if (alarm.deadline <= next) {
            next = alarm.deadline;
            due = alarm;
          }
        }
        nanos = Math.max(nanos, next);
        waits.removeIf(wait -> wait.deadline <= nanos && wait.over.complete(null));
        if (due == null) {
          return;
        }
      }
      due.ring();
    }
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

  /** An alarm whose ring comes back when the background thread waits again. */
  private final class ManualAlarm implements Alarm {
    private @Nullable Thread worker;
    private boolean rung;
    private boolean parked;
    private boolean closed;
    private long deadline = Long.MAX_VALUE;

    @Override
    public void awaitUntil(long deadlineNanos) throws InterruptedException {
      synchronized (ManualTime.this) {
        worker = Thread.currentThread();
        deadline = deadlineNanos;
        while (!rung && nanos < deadlineNanos) {
          if (!parked) { // Else two threads would wake each other for ever.
            parked = true;
            ManualTime.this.notifyAll();
          }
          ManualTime.this.wait();
        }
        deadline = Long.MAX_VALUE;
        rung = false;
        parked = false;
      }
    }

    @Override
    public void ring() {
      synchronized (ManualTime.this) {
        if (Thread.currentThread() == worker) {
          rung = true;
          return;
        }
        rung = true;
        parked = false;
        ManualTime.this.notifyAll();
        boolean interrupted = false;
        while (!closed && (rung || !parked)) {
          try {
            ManualTime.this.wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void close() {
      synchronized (ManualTime.this) {
        closed = true;
        parked = true;
        alarms.remove(this);
        ManualTime.this.notifyAll();
      }
    }
  }
}
