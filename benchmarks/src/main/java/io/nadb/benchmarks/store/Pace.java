package io.nadb.benchmarks.store;

import java.util.concurrent.atomic.AtomicLong;

/** Ends a batch as often as the {@link Discipline} asks for, whichever thread writes. */
final class Pace {
  private final long batchBytes;
  private final Runnable end;
  private final AtomicLong written = new AtomicLong();

  /**
   * Begins a batch.
   *
   * @param end ends the batch and makes it durable
   */
  Pace(Discipline discipline, Runnable end) {
    this.end = end;
    this.batchBytes =
        switch (discipline) {
          case AT_FLUSH -> Setup.BULK_BYTES;
          case PER_MEGABYTE -> Setup.MEGABYTE;
          case EACH -> 0;
        };
  }

  /** Told after so many bytes were written; ends the batch if it is full, by them or by others. */
  void written(long bytes) {
    if (written.addAndGet(bytes) >= batchBytes) {
      synchronized (this) {
        if (written.get() >= batchBytes) {
          end();
        }
      }
    }
  }

  /** Ends the batch at once. */
  void end() {
    written.set(0);
    end.run();
  }
}
