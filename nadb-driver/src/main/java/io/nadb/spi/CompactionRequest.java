package io.nadb.spi;

import java.io.IOException;

/**
 * A compaction that a backend was asked for and does in the steps of its background work. Used by
 * one thread, while another one does the work.
 *
 * @since 0.1.0
 */
public interface CompactionRequest extends AutoCloseable {

  /**
   * Waits until it has come on, wants a flush or has ended; returns whether it has ended.
   *
   * @throws IOException if it has failed; what has been rewritten by then stays, and nothing is
   *     lost
   * @throws IllegalStateException if the backend is closed
   */
  boolean await() throws IOException, InterruptedException;

  /** How far it had come when it last told, and what has come of it. */
  CompactionFigures figures();

  /** Whether it can go on only when what has been applied is synced. */
  boolean wantsSync();

  /** Gives it up, if it has not ended: what is being rewritten may still be done with. */
  @Override
  void close();
}
