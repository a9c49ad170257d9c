package io.nadb.jcache;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Closes what a user has given to a cache. */
final class Closing {
  private static final System.Logger LOGGER = System.getLogger("io.nadb.jcache");

  private Closing() {}

  /** Closes an object if it can be closed; what it throws is logged, since others follow. */
  static void close(@Nullable Object part) {
    if (part instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOGGER.log(Level.WARNING, part.getClass().getName() + " could not be closed", e);
      }
    }
  }
}
