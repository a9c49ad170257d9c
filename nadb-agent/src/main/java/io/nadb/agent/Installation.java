package io.nadb.agent;

import io.nadb.jmx.Access;
import io.nadb.jmx.Monitor;
import io.nadb.jmx.MonitorSettings;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sets the agent up, once in a JVM, and finds the stores that are open already. */
final class Installation {

  private static final String MODULE = "java.management";

  private Installation() {}

  static void install(@Nullable String options, Instrumentation instrumentation) {
    Warnings warnings = new Warnings(System.err);
    if (!hasManagement()) {
      warnings.warn(
          "needs the module "
              + MODULE
              + ", which this JVM does not have; the application goes on without");
      return;
    }
    try {
      MonitorSettings settings = AgentOptions.parse(options, warnings::warn);
      if (settings.access() == Access.NONE) {
        return;
      }
      Monitor monitor =
          new Monitor(ManagementFactory::getPlatformMBeanServer, settings, warnings::warn);
      if (!AgentSink.connect(monitor, warnings)) {
        warnings.warn("is running in this JVM already; what was given this time is ignored");
        return;
      }
      instrumentation.addTransformer(new WatchPointTransformer(warnings), true);
      for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
        if (loaded.getName().equals(WatchPointTransformer.TARGET)) {
          adopt(loaded, instrumentation, warnings);
        }
      }
    } catch (Throwable e) { // Whatever it is, the application must start.
      warnings.warn("can't be installed", e);
    }
  }

  /** Whether its classes are there; they may have come after the start, as JConsole connected. */
  private static boolean hasManagement() {
    try {
      Class.forName("javax.management.MBeanServer");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Takes in a driver that is in use already, with its open stores. */
  private static void adopt(Class<?> points, Instrumentation instrumentation, Warnings warnings) {
    try {
      instrumentation.retransformClasses(points);
      Module module = points.getModule();
      if (module.isNamed()) {
        instrumentation.redefineModule(
            module,
            Set.of(),
            Map.of(points.getPackageName(), Set.of(Installation.class.getModule())),
            Map.of(),
            Set.of(),
            Map.of());
      }
      Object open = points.getMethod("open").invoke(null);
      for (Object store : (Collection<?>) open) {
        AgentSink.report("opened", new Object[] {(Function<?, ?>) store});
      }
    } catch (Throwable e) { // As above.
      warnings.warn("can't watch the stores that are open", e);
    }
  }
}
