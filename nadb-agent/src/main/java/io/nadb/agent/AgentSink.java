package io.nadb.agent;

import io.nadb.jmx.Monitor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the advice hands in what happens. It finds this class by its name, in the system class
 * loader, whatever class loader the driver is in; so there is one for the whole JVM.
 *
 * @since 0.1.0
 */
public final class AgentSink {
  private static final AtomicReference<@Nullable Connection> CONNECTION = new AtomicReference<>();

  private AgentSink() {}

  /** Who is told, and who is warned. */
  private record Connection(Monitor monitor, Warnings warnings) {}

  /** Has a monitor told from now on; returns false if there is one already. */
  static boolean connect(Monitor monitor, Warnings warnings) {
    return CONNECTION.compareAndSet(null, new Connection(monitor, warnings));
  }

  /** Called by the advice: something has happened to a store, the first of the arguments. */
  public static void report(String point, Object[] arguments) {
    Connection connection = CONNECTION.get();
    if (connection == null) {
      return;
    }
    try {
      connection.monitor.report(point, arguments);
    } catch (Throwable e) { // A store must not fail because it is watched.
      connection.warnings.warn("can't take in what a store reports (" + point + ")", e);
    }
  }
}
