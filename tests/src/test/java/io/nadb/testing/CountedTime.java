package io.nadb.testing;

import io.nadb.testkit.VirtualTime;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A virtual time that counts how often a background thread wakes up, and can fail it. */
public final class CountedTime extends ForwardingTime {
  private final AtomicLong wakeUps = new AtomicLong();
  private final AtomicReference<@Nullable Supplier<Error>> failure = new AtomicReference<>();
  private final AtomicReference<@Nullable Supplier<Error>> noThread = new AtomicReference<>();

  /** Counts on a time. */
  public CountedTime(VirtualTime time) {
    super(time);
  }

  /** How often a thread has come back from waiting. */
  public long wakeUps() {
    return wakeUps.get();
  }

  /** From now on no background thread can wait; null: they can. */
  public void failWaiting(@Nullable Supplier<Error> thrown) {
    failure.set(thrown);
  }

  /** From now on no background thread can be made; null: they can. */
  public void failThreads(@Nullable Supplier<Error> thrown) {
    noThread.set(thrown);
  }

  @Override
  public Alarm newAlarm(String owner) {
    raise(noThread.get());
    Alarm alarm = super.newAlarm(owner);
    return new Alarm() {
      @Override
      public void awaitUntil(long deadlineNanos) throws InterruptedException {
        raise(failure.get());
        alarm.awaitUntil(deadlineNanos);
        wakeUps.incrementAndGet();
        raise(failure.get());
      }

      @Override
      public void ring() {
        alarm.ring();
      }

      @Override
      public void close() {
        alarm.close();
      }
    };
  }

  private static void raise(@Nullable Supplier<Error> failure) {
    if (failure != null) {
      throw failure.get();
    }
  }
}
