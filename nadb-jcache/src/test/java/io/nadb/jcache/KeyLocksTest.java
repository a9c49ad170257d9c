package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The locks of keys: one holder at a time, and none left over. */
class KeyLocksTest {
  private final KeyLocks locks = new KeyLocks();

  @Test
  void aThreadMayTakeItsLockAgainAndNothingIsLeft() {
    KeyLocks.Held outer = locks.acquire("k");
    KeyLocks.Held inner = locks.acquire("k");
    KeyLocks.Held other = locks.acquire("l");
    assertThat(inner).isSameAs(outer);
    assertThat(locks.size()).isEqualTo(2);
    inner.release();
    other.release();
    assertThat(locks.size()).isEqualTo(1);
    outer.release();
    assertThat(locks.size()).isZero();
  }

  @Test
  void whoWaitsGetsTheLockOfTheOneBefore() {
    KeyLocks.Held held = locks.acquire("k");
    CompletableFuture<Integer> next =
        CompletableFuture.supplyAsync(
            () -> {
              KeyLocks.Held mine = locks.acquire("k");
              int size = locks.size();
              mine.release();
              return size;
            });
    assertThat(next.isDone()).isFalse();
    held.release();
    assertThat(next.join()).isEqualTo(1);
    assertThat(locks.size()).isZero();
  }
}
