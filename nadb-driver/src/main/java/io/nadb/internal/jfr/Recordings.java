package io.nadb.internal.jfr;

import io.nadb.StoreStats;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;

/**
 * The way to the flight recorder, for code that runs whether or not there is one.
 *
 * <p>The mere loading of an event class has the JDK build its catalog of events, which takes a
 * tenth of a second and more. So no event class is touched before somebody has started the
 * recorder; until then, every method here costs the reading of one variable. A JVM without the
 * module {@code jdk.jfr} records nothing, and a modular application that does not require it has to
 * be started with {@code --add-modules jdk.jfr} to be recorded.
 *
 * <p>No span throws anything, neither when it begins nor when it ends: see {@link QuietSpan}.
 */
public final class Recordings {
  private static final boolean PRESENT = isPresent();

  private Recordings() {}

  private static boolean isPresent() {
    try {
      Class.forName("jdk.jfr.FlightRecorder", false, Recordings.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Whether somebody has started the recorder in this JVM, now or earlier. */
  public static boolean isStarted() {
    try {
      return PRESENT && FlightRecorder.isInitialized();
    } catch (LinkageError e) { // The recorder is broken, and records nothing.
      return false;
    }
  }

  /**
   * Has an action run when somebody starts the recorder. On JDK 17, the first call in a process
   * takes 20 ms; so it is for a background thread that has nothing else to do.
   *
   * @return takes it back; to be called, since the recorder holds on to the action until then
   */
  public static Runnable onStart(Runnable action) {
    return PRESENT ? StartListener.add(action) : () -> {};
  }

  /** Begins a flush. */
  public static Span flush() {
    return isStarted() ? QuietSpan.begin(FlushEvent::begun) : Span.NONE;
  }

  /** Begins a step of a sweep. */
  public static Span sweep() {
    return isStarted() ? QuietSpan.begin(SweepEvent::begun) : Span.NONE;
  }

  /** Begins a run of compaction. */
  public static Span compaction() {
    return isStarted() ? QuietSpan.begin(CompactionEvent::begun) : Span.NONE;
  }

  /** Begins the opening of a log. */
  public static Span recovery() {
    return isStarted() ? QuietSpan.begin(RecoveryEvent::begun) : Span.NONE;
  }

  /**
   * Has a store's figures recorded now and then, as the recording says; only once the recorder is
   * started.
   *
   * @return ends it; to be called, since the recorder holds on to the store until then
   */
  public static Runnable report(String store, String url, Supplier<StoreStats> figures) {
    Runnable hook = () -> StoreEvent.record(store, url, figures.get());
    FlightRecorder.addPeriodicEvent(StoreEvent.class, hook);
    return () -> FlightRecorder.removePeriodicEvent(hook);
  }
}
