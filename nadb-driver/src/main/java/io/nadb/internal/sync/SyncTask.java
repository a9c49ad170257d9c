package io.nadb.internal.sync;

/** The background work of one store. Both methods are called by the sync thread alone. */
public interface SyncTask {

  /** What status reports call it. */
  String name();

  /**
   * Does what is due.
   *
   * @param nowNanos the monotonic time
   * @return when to call again at the latest, in monotonic time; {@link Long#MAX_VALUE} for never
   */
  long runDue(long nowNanos);

  /**
   * Does a bounded step, of a few milliseconds, of work that has no deadline.
   *
   * @return whether there is more of it
   */
  boolean runStep();
}
