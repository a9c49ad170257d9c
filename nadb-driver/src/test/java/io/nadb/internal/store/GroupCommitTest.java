package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
  private final CountDownLatch secondCame = new CountDownLatch(1);
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();
  private final List<Long> done = new ArrayList<>();

  /** Tells when another thread than its holder comes. */
  @SuppressWarnings("serial") // nobody writes it
  private final ReentrantLock lock =
      new ReentrantLock() {
        @Override
        public void lock() {
          if (isLocked() && !isHeldByCurrentThread()) {
            secondCame.countDown();
          }
          super.lock();
        }
      };

  /**
   * The second thread comes while the first is at work, and so expects it to come again; it does
   * not, and each yield takes as long as the turns of others who want the processor.
   */
  private void expectInVain(long nanosOfAYield) throws InterruptedException {
    GroupCommit group =
        new GroupCommit(
            lock,
            () -> {
              looks.incrementAndGet();
              return now.getAndAdd(nanosOfAYield);
            });
    Thread second = new Thread(() -> group.await(2, done::add));
    group.await(
        1,
        target -> {
          second.start();
          try {
            secondCame.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          done.add(target);
        });
    second.join();
    assertThat(done).containsExactly(1L, 2L);
  }

  @Test
  void onABusyMachineNobodyWaitsForOthersLongerThanForTheFirstTurns() throws Exception {
    expectInVain(4_000_000);
    assertThat(looks).hasValueLessThanOrEqualTo(2);
  }

  @Test
  void aClockThatStandsStillEndsTheWaitToo() throws Exception {
    expectInVain(0);
    assertThat(looks).hasValueGreaterThan(2);
  }
}
