package io.nadb.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * The entry of the agent: {@code -javaagent:nadb-agent-<version>.jar[=options]}, or an attachment
 * to a JVM that already runs.
 *
 * <p>Whatever goes wrong here is one line on the standard error: an application never fails because
 * it is watched.
 *
 * @since 0.1.0
 */
public final class NadbAgent {

  private NadbAgent() {}

  /** Called by the JVM before the application's {@code main}. */
  public static void premain(@Nullable String options, Instrumentation instrumentation) {
    Installation.install(options, instrumentation);
  }

  /** Called by the JVM when the agent is attached. */
  public static void agentmain(@Nullable String options, Instrumentation instrumentation) {
    Installation.install(options, instrumentation);
  }
}
