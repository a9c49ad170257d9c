package io.nadb.internal.sync;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.TimeSource;
import io.nadb.testing.ForwardingTime;
import io.nadb.testkit.Hold;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Tasks on a background thread whose threads are watched, and of which some hang. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class HangingTasks {
  static final String WORKER = "nadb-sync-test";

  static final String STAND_BY = WORKER + "-standby";

  static final Duration GRACE = ofSeconds(1);

  final VirtualTime time = new VirtualTime();

  final WatchedTime watched = new WatchedTime(time);

  final KeyValueSync sync = new KeyValueSync(watched, WORKER);

  final Tick hanging = new Tick("hanging");

  final Tick good = new Tick("good");

  /** Tells which background threads there are, and how often the stand-by has gone to sleep. */
  static final class WatchedTime extends ForwardingTime {
    final List<String> owners = new CopyOnWriteArrayList<>();
    final AtomicInteger sleeps = new AtomicInteger();
    final AtomicBoolean exhausted = new AtomicBoolean();

    WatchedTime(TimeSource real) {
      super(real);
    }

    @Override
    public Alarm newAlarm(String owner) {
      if (exhausted.get()) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      owners.add(owner);
      Alarm alarm = super.newAlarm(owner);
      return new Alarm() {
        @Override
        public void awaitUntil(long deadlineNanos) throws InterruptedException {
          if (owner.equals(STAND_BY)) {
            sleeps.incrementAndGet();
          }
          alarm.awaitUntil(deadlineNanos);
        }

        @Override
        public void ring() {
          alarm.ring();
        }

        @Override
        public void close() {
          owners.remove(owner);
          alarm.close();
        }
      };
    }
  }

  /** A task that is due when a test says so, and otherwise never. */
  static final class Request extends Tick {
    final AtomicBoolean requested = new AtomicBoolean();
    final AtomicInteger served = new AtomicInteger();

    Request(String name) {
      super(name);
    }

    @Override
    public long runDue(long nowNanos) {
      if (requested.getAndSet(false)) {
        super.runDue(nowNanos);
        served.incrementAndGet();
      }
      return Long.MAX_VALUE;
    }
  }

  @AfterEach
  void noTaskWasRunByTwoThreadsAtOnce() {
    assertThat(hanging.overlaps).hasValue(0);
    assertThat(good.overlaps).hasValue(0);
  }

  void register(Tick... ticks) {
    for (Tick tick : ticks) {
      tick.join(sync);
    }
  }

  void deregister(Tick... ticks) {
    for (Tick tick : ticks) {
      tick.leave();
    }
  }

  /** Two tasks, of which one hangs as soon as both are due. */
  Hold hang() {
    register(hanging, good);
    Hold hold = hanging.hang(time);
    time.advance(ofSeconds(1));
    return hold;
  }
}
