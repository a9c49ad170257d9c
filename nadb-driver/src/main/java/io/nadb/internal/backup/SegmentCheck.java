package io.nadb.internal.backup;

import io.nadb.internal.log.PinnedLog.PinnedSegment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Checks the records of a segment in a thread of its own, while it is copied: one takes about as
 * long as the other. For one thread, whose interruption ends nothing here.
 */
final class SegmentCheck implements AutoCloseable {
  private final FutureTask<Boolean> task;

  private SegmentCheck(FutureTask<Boolean> task) {
    this.task = task;
  }

  static SegmentCheck begin(PinnedSegment segment) {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              segment.check(offset -> {}); // Whoever copies tells.
              return true;
            });
    Thread thread = new Thread(null, task, "nadb-backup", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return new SegmentCheck(task);
  }

  /** Throws what the check has thrown. */
  void finish() {
    Throwable failure = await();
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /** Waits for its end, whatever has become of it: only then may the segment be closed. */
  @Override
  public void close() {
    await();
  }

  private @Nullable Throwable await() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return null;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          return e.getCause();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
