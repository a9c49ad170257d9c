package io.nadb.internal.sync;

/**
 * The background work of one store.
 *
 * <p>{@link #runDue} and {@link #runStep} are called by the sync thread: by one thread at a time,
 * and what a call has written the next one sees, but not always by the same thread. If a call takes
 * long, another thread becomes the sync thread of the other stores, and of this one as soon as the
 * call has returned.
 */
public interface SyncTask {

  /** What status reports call it. */
  String name();

  /**
   * Does what is due. Called at once when the task has joined, when it is woken, and when it has
   * asked for; each call is followed by one of {@link #runStep}.
   *
   * @param nowNanos the monotonic time
   * @return when to call again at the latest, in monotonic time; {@link Long#MAX_VALUE} for never
   */
  long runDue(long nowNanos);

  /**
   * Does a bounded step, of a few milliseconds, of work that has no deadline.
   *
   * @return whether there is more of it; then {@link #runDue} and this are called again soon
   */
  boolean runStep();

  /**
   * Called by another thread while a call of this task takes so long that others would have to
   * wait: it has taken them over.
   */
  default void stalled() {}

  /**
   * Called when the sync thread ends although it has not been told to: nobody will call as was
   * asked for before somebody calls {@link Member#wake} or {@link Member#attend}. Must return at
   * once, and should need no memory.
   */
  default void unattended() {}
}
