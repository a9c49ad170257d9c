package io.nadb.internal.backup;

/** Counts the bytes of one piece of work, and tells how far it has come; for one thread. */
final class ByteMeter {
  /** So much is not worth telling. */
  private static final long STEP_BYTES = 1 << 20;

  private final ProgressTarget target;
  private final long total;
  private long done;
  private long told;

  ByteMeter(ProgressTarget target, long total) {
    this.target = target;
    this.total = total;
  }

  /** Adds bytes that are done. */
  void add(long bytes) {
    done += bytes;
    if (done - told >= STEP_BYTES || done == total) {
      told = done;
      target.progressed(done, total);
    }
  }

  /** Adds what is missing up to a number of bytes that are done in all, if anything is. */
  void reach(long bytes) {
    if (bytes > done) {
      add(bytes - done);
    }
  }

  /** How many bytes are done. */
  long done() {
    return done;
  }
}
