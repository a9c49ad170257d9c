package io.nadb;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The machine's clocks and the JVM's own ways to wait. */
enum SystemTimeSource implements TimeSource {
  INSTANCE;

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Alarm newAlarm(String owner) {
    return new SystemAlarm();
  }

  @Override
  public boolean await(CompletableFuture<?> done, Duration timeout) throws InterruptedException {
    try {
      done.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | CancellationException e) {
      return true;
    }
  }

  /** A monitor with one pending ring. */
  private static final class SystemAlarm implements Alarm {
    private volatile boolean rung;

    @Override
    public synchronized void awaitUntil(long deadlineNanos) throws InterruptedException {
      while (!rung) {
        if (deadlineNanos == Long.MAX_VALUE) {
          wait();
        } else {
          long left = deadlineNanos - System.nanoTime();
          if (left <= 0) {
            break;
          }
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
      }
      rung = false;
    }

    @Override
    public void ring() {
      if (!rung) { // A ring that is still pending will do; busy writers ring often.
        synchronized (this) {
          rung = true;
          notify();
        }
      }
    }

    @Override
    public void close() {}
  }
}
