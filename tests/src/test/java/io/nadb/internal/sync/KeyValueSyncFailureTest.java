package io.nadb.internal.sync;

import static io.nadb.internal.sync.Tick.threadOf;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.SyncStatus;
import io.nadb.testing.BrokenLogging;
import io.nadb.testing.CountedTime;
import io.nadb.testing.ForwardingTime;
import io.nadb.testkit.Hold;
import io.nadb.testkit.VirtualTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is thrown wherever, the background thread goes on; one that has died is replaced. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyValueSyncFailureTest {
  private final VirtualTime virtual = new VirtualTime();
  private final CountedTime time = new CountedTime(virtual);
  private final KeyValueSync sync = new KeyValueSync(time, "nadb-sync-test");

  /** What may be thrown anywhere. */
  enum Thrown {
    MEMORY,
    STACK,
    LINKAGE,
    DEATH,
    RUNTIME;

    Error asError() {
      return switch (this) {
        case MEMORY -> new OutOfMemoryError("Java heap space");
        case STACK -> new StackOverflowError("deep");
        case LINKAGE -> new NoClassDefFoundError("some/Thing");
        case DEATH -> new ThreadDeath();
        case RUNTIME -> new AssertionError("wrong");
      };
    }
  }

  /** A task that throws where a test says so. */
  private static final class Failing extends Tick {
    final AtomicBoolean inDue = new AtomicBoolean();
    final AtomicBoolean inStep = new AtomicBoolean();
    final AtomicBoolean inName = new AtomicBoolean();
    final AtomicInteger unattended = new AtomicInteger();
    private final Thrown thrown;

    Failing(Thrown thrown) {
      super("failing");
      this.thrown = thrown;
    }

    private void raise(AtomicBoolean where) {
      if (where.get()) {
        throw thrown.asError();
      }
    }

    @Override
    public long runDue(long nowNanos) {
      long next = super.runDue(nowNanos);
      raise(inDue);
      return next;
    }

    @Override
    public boolean runStep() {
      raise(inStep);
      return false;
    }

    @Override
    public String name() {
      raise(inName);
      return super.name();
    }

    @Override
    public void unattended() {
      unattended.incrementAndGet();
    }
  }

  private void expectToGoOn(Failing task) {
    Thread thread = threadOf(task);
    virtual.advance(ofSeconds(10));
    task.inDue.set(false);
    task.inStep.set(false);
    task.inName.set(false);
    virtual.advance(ofSeconds(2));
    int runs = task.runs.get();
    virtual.advance(ofSeconds(10));

    assertThat(task.runs.get()).isEqualTo(runs + 10);
    assertThat(threadOf(task)).isSameAs(thread);
    assertThat(task.member().trouble()).isNull();
    SyncStatus status = sync.status();
    assertThat(status.running()).isTrue();
    assertThat(status.replacements()).isZero();
    assertThat(status.failures()).isPositive();
    task.leave();
  }

  @ParameterizedTest
  @EnumSource
  void aTaskThatThrows(Thrown thrown) {
    Failing task = new Failing(thrown);
    task.join(sync);
    task.inDue.set(true);
    virtual.advance(ofSeconds(3));
    assertThat(task.member().trouble()).contains(thrown.asError().toString());
    assertThat(sync.status().lastFailure()).contains("failing: " + thrown.asError());
    expectToGoOn(task);
  }

  @ParameterizedTest
  @EnumSource
  void aStepThatThrows(Thrown thrown) {
    Failing task = new Failing(thrown);
    task.join(sync);
    task.inStep.set(true);
    virtual.advance(ofSeconds(3));
    assertThat(task.member().trouble()).contains(thrown.asError().toString());
    expectToGoOn(task);
  }

  @ParameterizedTest
  @EnumSource
  void aTaskThatThrowsAndWhoseFailureCanNotBeTold(Thrown thrown) {
    Failing task = new Failing(thrown);
    task.join(sync);
    task.inDue.set(true);
    task.inName.set(true);
    virtual.advance(ofSeconds(3));
    task.inName.set(false);
    assertThat(sync.status().failures()).isGreaterThanOrEqualTo(3);
    assertThat(sync.status().lastFailure()).contains(thrown.asError().toString());
    expectToGoOn(task);
  }

  @ParameterizedTest
  @EnumSource
  void aTaskThatThrowsAndALogThatThrowsToo(Thrown thrown) {
    Failing task = new Failing(thrown);
    task.join(sync);
    try (BrokenLogging logging = new BrokenLogging(thrown::asError)) {
      task.inDue.set(true);
      virtual.advance(ofSeconds(3));
      assertThat(sync.status().lastFailure()).contains("failing: " + thrown.asError());
      expectToGoOn(task);
      assertThat(logging.thrown()).isPositive();
    }
  }

  /** An error that can't even be put into words. */
  private static final class Wordless extends Error {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable String getMessage() {
      throw new OutOfMemoryError("no memory for words");
    }
  }

  @Test
  void aFailureWithoutWordsIsCalledByItsClass() {
    Tick task =
        new Tick("wordless") {
          @Override
          public long runDue(long nowNanos) {
            throw new Wordless();
          }
        };
    task.join(sync);
    assertThat(sync.status().lastFailure()).contains(Wordless.class.getName());
    assertThat(task.member().trouble()).contains(Wordless.class.getName());
    assertThat(sync.status().running()).isTrue();
    task.leave();
  }

  @Test
  void aStepThatFailsIsTriedAgainThoughNothingIsDue() {
    AtomicInteger steps = new AtomicInteger();
    Tick task =
        new Tick("never due") {
          @Override
          public long runDue(long nowNanos) {
            super.runDue(nowNanos);
            return Long.MAX_VALUE;
          }

          @Override
          public boolean runStep() {
            if (steps.incrementAndGet() < 3) {
              throw new IllegalStateException("not yet");
            }
            return false;
          }
        };
    task.join(sync);
    assertThat(steps).hasValue(1);
    virtual.advance(ofHours(1));
    assertThat(steps).hasValue(3);
    task.leave();
  }

  @Test
  void joiningCallsATaskOnceHoweverSoonTheThreadComes() {
    CountDownLatch called = new CountDownLatch(1);
    Thread joining = Thread.currentThread();
    AtomicInteger looks = new AtomicInteger();
    KeyValueSync early =
        new KeyValueSync(
            new ForwardingTime(virtual) {
              @Override
              public long nanoTime() {
                if (Thread.currentThread() == joining && looks.incrementAndGet() > 1) {
                  awaitOpen(called); // The thread is there before whoever has started it goes on.
                }
                return super.nanoTime();
              }
            },
            "nadb-sync-early");
    Tick task =
        new Tick("early") {
          @Override
          public long runDue(long nowNanos) {
            called.countDown();
            return super.runDue(nowNanos);
          }
        };
    task.join(early);
    assertThat(task.runs).hasValue(1);
    task.leave();
  }

  private static void awaitOpen(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTimeThatThrowsForAWhile(Thrown thrown) {
    Failing task = new Failing(thrown);
    Tick other = new Tick("other");
    task.join(sync);
    other.join(sync);
    AtomicInteger left = new AtomicInteger(20);
    time.failWaiting(
        () -> {
          if (left.decrementAndGet() <= 0) {
            time.failWaiting(null);
          }
          return thrown.asError();
        });
    virtual.advance(ofSeconds(5));
    assertThat(left.get()).isLessThanOrEqualTo(0);
    expectToGoOn(task);
    other.leave();
  }

  /** Ends all background threads by a time in which nobody can wait, and makes it whole again. */
  private void kill(Failing task) {
    Thread thread = threadOf(task);
    time.failWaiting(() -> new OutOfMemoryError("no waiting"));
    task.member().wake();
    join(thread);
    time.failWaiting(null);
    assertThat(sync.isDead()).isTrue();
    assertThat(task.unattended).as("told by each thread that ends").hasPositiveValue();
    assertThat(task.member().trouble()).contains("no waiting").contains("died");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aThreadThatCanNotWaitEndsRatherThanTakeACoreAndTheNextWakeUpReplacesIt() {
    Failing task = new Failing(Thrown.RUNTIME);
    task.join(sync);
    Thread dead = threadOf(task);
    kill(task);
    int runs = task.runs.get();
    virtual.advance(ofSeconds(10));
    assertThat(task.runs).hasValue(runs);
    task.wake();

    assertThat(task.runs.get()).isGreaterThan(runs);
    assertThat(threadOf(task)).isNotSameAs(dead);
    assertThat(task.member().trouble()).isNull();
    assertThat(sync.status().replacements()).isEqualTo(1);
    runs = task.runs.get();
    virtual.advance(ofSeconds(10));
    assertThat(task.runs).hasValue(runs + 10);
    task.leave();
    assertThat(sync.status().running()).isFalse();
  }

  @Test
  void theStatusSaysThatTheThreadIsDeadAndHasItReplaced() {
    Failing task = new Failing(Thrown.RUNTIME);
    task.join(sync);
    kill(task);
    assertThat(sync.status().running()).isFalse();
    assertThat(sync.status().running()).isTrue();
    assertThat(sync.status().replacements()).isEqualTo(1);
    task.leave();
  }

  @Test
  void aTaskThatComesLaterGetsAThreadAndSoDoTheOthers() {
    Failing task = new Failing(Thrown.RUNTIME);
    task.join(sync);
    kill(task);
    Tick later = new Tick("later");
    later.join(sync);
    int runs = task.runs.get();
    virtual.advance(ofSeconds(10));
    assertThat(task.runs).hasValue(runs + 10);
    assertThat(later.runs).hasValueGreaterThanOrEqualTo(10);
    task.leave();
    later.leave();
  }

  @Test
  void aStandByThatHasDiedIsReplacedToo() throws InterruptedException {
    Failing task = new Failing(Thrown.RUNTIME);
    Tick other = new Tick("other");
    task.join(sync);
    other.join(sync);
    kill(task);
    other.wake();
    Hold hold = other.hang(virtual);
    virtual.advance(ofSeconds(1));
    hold.awaitHeld();
    int runs = task.runs.get();
    virtual.advance(ofSeconds(10));

    assertThat(task.runs.get()).as("another thread has taken over").isGreaterThan(runs + 8);
    hold.release();
    task.leave();
    other.leave();
  }

  @Test
  void ifThereIsNoThreadToBeHadTheNextCallTriesAgain() {
    Failing task = new Failing(Thrown.RUNTIME);
    task.join(sync);
    kill(task);
    time.failThreads(() -> new OutOfMemoryError("unable to create native thread"));
    task.wake();
    assertThat(sync.isDead()).isTrue();
    assertThat(task.member().trouble()).contains("unable to create native thread");
    Tick later = new Tick("later");
    later.join(sync);
    assertThat(later.runs).hasValue(0);
    time.failThreads(null);
    task.wake();

    assertThat(later.runs).hasPositiveValue();
    assertThat(sync.isDead()).isFalse();
    task.leave();
    later.leave();
  }

  @Test
  void theFirstTaskIsRefusedIfThereIsNoThread() {
    time.failThreads(() -> new OutOfMemoryError("unable to create native thread"));
    Tick tick = new Tick("a");
    assertThatThrownBy(() -> tick.join(sync)).isInstanceOf(OutOfMemoryError.class);
    assertThat(sync.status().stores()).isEmpty();
    time.failThreads(null);
    tick.join(sync);
    assertThat(tick.runs).hasPositiveValue();
    tick.leave();
  }
}
