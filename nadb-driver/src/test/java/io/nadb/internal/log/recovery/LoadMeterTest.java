package io.nadb.internal.log.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How much of a log has been read is told by the thread that opens it; who waits there minds no
 * interruption.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadMeterTest {
  private static final long MB = 1 << 20;

  private final List<Long> told = new ArrayList<>();
  private final List<Thread> tellers = new ArrayList<>();

  private void tell(long bytes) {
    told.add(bytes);
    tellers.add(Thread.currentThread());
  }

  @Test
  void whatOthersReadIsToldByTheOpenerWhileItWaits() throws Exception {
    SynchronousQueue<Long> heard = new SynchronousQueue<>();
    LoadMeter meter =
        new LoadMeter(
            bytes -> {
              tell(bytes);
              hand(heard, bytes);
            });
    CompletableFuture<Integer> part = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              LoadMeter.Part first = meter.part(10 * MB);
              LoadMeter.Part second = meter.part(10 * MB);
              try {
                first.reach(2 * MB);
                assertThat(heard.take()).isEqualTo(2 * MB);
                second.reach(3 * MB);
                assertThat(heard.take()).as("of both").isEqualTo(5 * MB);
                part.complete(1);
              } catch (Throwable e) {
                part.completeExceptionally(e);
              }
            });
    reader.start();
    meter.tellUntil(part);

    assertThat(part.get()).isEqualTo(1);
    assertThat(told).containsExactly(2 * MB, 5 * MB);
    assertThat(tellers).containsOnly(Thread.currentThread());
  }

  private static void hand(SynchronousQueue<Long> heard, long bytes) {
    try {
      heard.put(bytes);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatTheOpenerReadsItTellsInSteps() {
    LoadMeter meter = new LoadMeter(this::tell);
    LoadMeter.Part part = meter.part(4 * MB - 1);
    for (long at = 0; at < 4 * MB; at += MB / 4) {
      part.reach(at);
    }
    assertThat(told).containsExactly(MB, 2 * MB, 3 * MB);
    part.end();
    LoadMeter.Part tiny = meter.part(7);
    tiny.end();
    tiny.end();
    assertThat(told).containsExactly(MB, 2 * MB, 3 * MB, 4 * MB - 1, 4 * MB + 6);
  }

  @Test
  void whatIsThrownEndsTheWaitAndAFailureOfTheReaderIsLeftToItsTaker() {
    LoadMeter meter =
        new LoadMeter(
            bytes -> {
              throw new IllegalStateException("enough");
            });
    CompletableFuture<Integer> failed =
        CompletableFuture.failedFuture(new IllegalStateException("of the reader"));
    meter.tellUntil(failed);
    CompletableFuture<Void> read = CompletableFuture.runAsync(() -> meter.part(MB).end());
    CompletableFuture<Integer> never = new CompletableFuture<>();
    assertThatThrownBy(() -> meter.tellUntil(never)).hasMessage("enough");
    assertThat(read.join()).isNull();
  }

  @Test
  void ifNobodyIsToldNobodyIsWaitedFor() {
    new LoadMeter(null).tellUntil(new CompletableFuture<>());
    assertThat(told).isEmpty();
  }
}
