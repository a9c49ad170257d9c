package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class CommitFenceTest {
  private int waited;

  private final ReentrantLock lock =
      new ReentrantLock() {
        @Override
        public void lock() {
          waited++;
        }

        @Override
        public void unlock() {}
      };

  private final CommitFence fence = new CommitFence(lock);

  @Test
  void whoHasFoundAWriteOfACommitThatIsUnderWayWaitsForItsLock() {
    fence.raise(5);
    fence.pass(5);
    assertThat(waited).isEqualTo(1);
    fence.pass(6);
    assertThat(waited).isEqualTo(2);
  }

  @Test
  void earlierWritesAreNotWaitedFor() {
    fence.raise(5);
    fence.pass(4);
    assertThat(waited).isZero();
  }

  @Test
  void nothingIsWaitedForWhenNoCommitIsUnderWay() {
    fence.pass(Long.MAX_VALUE - 1);
    fence.raise(5);
    fence.lower();
    fence.pass(5);
    assertThat(waited).isZero();
  }
}
