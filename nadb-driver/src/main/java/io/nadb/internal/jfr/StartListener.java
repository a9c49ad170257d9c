package io.nadb.internal.jfr;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/** Has an action run when the recorder is started; not to be loaded where there is none. */
final class StartListener implements FlightRecorderListener {
  private final Runnable action;

  private StartListener(Runnable action) {
    this.action = action;
  }

  /** Begins to wait; returns how to stop. */
  static Runnable add(Runnable action) {
    StartListener listener = new StartListener(action);
    FlightRecorder.addListener(listener);
    return () -> FlightRecorder.removeListener(listener);
  }

  @Override
  public void recorderInitialized(FlightRecorder recorder) {
    action.run();
  }
}
