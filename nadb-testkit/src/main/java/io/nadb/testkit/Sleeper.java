package io.nadb.testkit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for virtual time to pass.
 *
 * @param deadline the moment, on the time's monotonic clock, that ends the wait
 * @param alarm the alarm of a background thread that a fault slows down, else null
 * @param over complete when the moment has come
 */
record Sleeper(long deadline, @Nullable VirtualAlarm alarm, CompletableFuture<Boolean> over) {

  boolean isOver() {
    return over.isDone();
  }

  /** The moment has come; called with the time's monitor held. */
  void end() {
    if (over.complete(true) && alarm != null) {
      alarm.unhold();
    }
  }

  /**
   * Waits until the moment has come or something is done, however that ends.
   *
   * @param timeout how long that may take, for the messages
   * @throws AssertionError if nothing moves the time for longer than the patience
   */
  void awaitEnd(CompletableFuture<?> done, Duration timeout, ProgressWatch patience)
      throws InterruptedException {
    CompletableFuture<?> end = CompletableFuture.anyOf(done.handle((value, failure) -> true), over);
    long seen = -1;
    while (true) {
      try {
        end.get(patience.nanos(), TimeUnit.NANOSECONDS);
        return;
      } catch (TimeoutException e) {
        long now = patience.progress();
        if (now == seen) {
          throw new AssertionError(
              Thread.currentThread().getName()
                  + " waits for up to "
                  + timeout
                  + " of virtual time, and nobody moves it; let another thread wait, and advance in"
                  + " this one\n"
                  + ThreadDump.take(),
              e);
        }
        seen = now;
      } catch (InterruptedException e) {
        throw new InterruptedException(
            "interrupted while waiting for up to "
                + timeout
                + " of virtual time\n"
                + ThreadDump.take());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e); // Neither future is ever completed by a failure.
      }
    }
  }
}
