package io.nadb.internal.report;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A logger that never throws: whatever an application's handler or logging back end does, a flush,
 * a close or a background thread goes on.
 *
 * <p>The logger is looked up when there is something to say, since a back end that can't be loaded
 * would otherwise keep the class that has a logger from being loaded, for the life of the JVM.
 */
public final class Logbook {
  private final String name;
  private volatile @Nullable Logger logger;

  private Logbook(String name) {
    this.name = name;
  }

  /** Gives the logbook of a class. */
  public static Logbook of(Class<?> owner) {
    return new Logbook(owner.getName());
  }

  /** Logs a message with what was thrown, if the back end is able to. */
  @SuppressWarnings("EmptyCatch")
  public void log(Level level, String message, @Nullable Throwable thrown) {
    try {
      logger().log(level, message, thrown);
    } catch (Throwable e) {
      // There is nobody to be told; what went wrong is in the store's figures, too.
    }
  }

  /** Logs a message with parameters, if the back end is able to. */
  @SuppressWarnings("EmptyCatch")
  public void log(Level level, String format, @Nullable Object... parameters) {
    try {
      logger().log(level, format, parameters);
    } catch (Throwable e) {
      // As above.
    }
  }

  private Logger logger() {
    Logger known = logger;
    if (known == null) {
      known = System.getLogger(name);
      logger = known;
    }
    return known;
  }
}
