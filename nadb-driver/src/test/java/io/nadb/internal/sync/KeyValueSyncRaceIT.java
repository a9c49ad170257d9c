package io.nadb.internal.sync;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.TimeSource;
import io.nadb.testing.ForwardingTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Tasks that hang, come and go, and are woken by many threads, in real time made fast. */
class KeyValueSyncRaceIT {
  private static final long PATIENCE_SECONDS = 30;
  private static final Duration LENGTH = Duration.ofSeconds(3);

  private final KeyValueSync sync = new KeyValueSync(new FastTime(), "nadb-sync-race");
  private final AtomicInteger faults = new AtomicInteger();

  /** The machine's time, a thousand times as fast: the grace is a millisecond. */
  private static final class FastTime extends ForwardingTime {
    private static final int SPEED = 1000;

    private final long origin = System.nanoTime();

    FastTime() {
      super(TimeSource.system());
    }

    @Override
    public long nanoTime() {
      return (System.nanoTime() - origin) * SPEED;
    }

    @Override
    public Alarm newAlarm(String owner) {
      Alarm real = super.newAlarm(owner);
      return new Alarm() {
        @Override
        public void awaitUntil(long deadlineNanos) throws InterruptedException {
          real.awaitUntil(
              deadlineNanos == Long.MAX_VALUE
                  ? deadlineNanos
                  : origin + (deadlineNanos + SPEED - 1) / SPEED);
        }

        @Override
        public void ring() {
          real.ring();
        }

        @Override
        public void close() {
          real.close();
        }
      };
    }
  }

  /** A task that serves requests, hangs now and then, and notices whatever must not happen. */
  private final class Server implements SyncTask {
    private final String name;
    private final Random random;
    private final Semaphore requests = new Semaphore(0);
    private final Semaphore answers = new Semaphore(0);
    private volatile boolean inside;
    private volatile boolean gone;

    /** Neither volatile nor locked: the lock that is held while a task runs must do. */
    private long plain;

    private volatile long counted;

    Server(String name, long seed) {
      this.name = name;
      this.random = new Random(seed);
    }

    @Override
    public String name() {
      return name;
    }

    private void enter() {
      if (inside || gone || plain != counted) {
        faults.incrementAndGet();
      }
      inside = true;
      if (random.nextInt(8) == 0) {
        LockSupport.parkNanos(random.nextInt(5_000_000));
      }
      plain++;
      counted = plain;
      inside = false;
    }

    @Override
    public long runDue(long nowNanos) {
      enter();
      answers.release(requests.drainPermits());
      return random.nextBoolean() ? Long.MAX_VALUE : nowNanos + random.nextInt(2_000_000_000);
    }

    @Override
    public boolean runStep() {
      enter();
      return random.nextInt(4) == 0;
    }

    /** Comes, asks and goes. */
    void visit() throws InterruptedException {
      gone = false;
      Member member = sync.member(this);
      member.join();
      int rounds = randomRounds();
      for (int i = 0; i < rounds; i++) {
        requests.release();
        member.wake();
        assertThat(answers.tryAcquire(PATIENCE_SECONDS, SECONDS))
            .as("%s is served; %s", name, sync.status())
            .isTrue();
      }
      member.leave();
      gone = true;
      assertThat(inside).isFalse();
      requests.drainPermits();
      answers.drainPermits();
    }

    private int randomRounds() {
      return (int) (System.nanoTime() & 7);
    }
  }

  /** A task with nothing to do. */
  private record Quiet(String name) implements SyncTask {
    @Override
    public long runDue(long nowNanos) {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean runStep() {
      return false;
    }
  }

  @Test
  void everybodyIsServedByOneThreadAtATimeAndNoThreadIsLeft() throws Exception {
    Quiet one = new Quiet("one");
    Quiet two = new Quiet("two");
    Member first = sync.member(one);
    first.join();
    Member second = sync.member(two);
    second.join();
    long end = System.nanoTime() + LENGTH.toNanos();
    List<FutureTask<Boolean>> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Server server = new Server("server" + i, i);
      FutureTask<Boolean> task =
          new FutureTask<>(
              () -> {
                while (System.nanoTime() - end < 0) {
                  server.visit();
                }
                return true;
              });
      threads.add(task);
      new Thread(task).start();
    }
    for (FutureTask<Boolean> thread : threads) {
      assertThat(thread.get(2 * PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    assertThat(faults).hasValue(0);
    assertThat(sync.status().failures()).isZero();
    assertThat(sync.status().takeovers()).isGreaterThan(50);
    assertThat(sync.status().stores()).containsExactly("one", "two");
    long patience = System.nanoTime() + SECONDS.toNanos(PATIENCE_SECONDS);
    while (threads() > 2 && System.nanoTime() - patience < 0) {
      Thread.onSpinWait(); // Until those have ended that came out of their task last.
    }
    assertThat(threads()).as("a worker and a stand-by").isEqualTo(2);
    first.leave();
    second.leave();
    assertThat(sync.status().running()).isFalse();
    assertThat(threads()).isZero();
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("nadb-sync-race"))
        .count();
  }
}
