package io.nadb.testkit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;

/** What the threads that have to do with stores are doing, as text. */
final class ThreadDump {
  private static final String OURS = "nadb";

  private ThreadDump() {}

  /** The calling thread, and all that are NADB's own or in a call of it. */
  static String take() {
    StringBuilder text = new StringBuilder("threads:\n");
    Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> concerns(entry.getKey(), entry.getValue()))
        .sorted(Map.Entry.comparingByKey(Comparator.comparing(Thread::getName)))
        .forEach(
            entry -> {
              Thread thread = entry.getKey();
              text.append(thread.getName()).append(" (").append(thread.getState()).append(")\n");
              for (StackTraceElement frame : entry.getValue()) {
                text.append("    at ").append(frame).append('\n');
              }
            });
    return text.toString();
  }

  private static boolean concerns(Thread thread, StackTraceElement[] stack) {
    return thread == Thread.currentThread()
        || thread.getName().startsWith(OURS)
        || Arrays.stream(stack).anyMatch(frame -> frame.getClassName().startsWith("io.nadb."));
  }

  /**
   * What a wait throws that an interruption has ended: the thread stays interrupted, and the
   * message says what it waited for and what the others do.
   */
  static AssertionError interrupted(String waitedFor) {
    Thread.currentThread().interrupt();
    return new AssertionError(
        Thread.currentThread().getName() + " was interrupted: " + waitedFor + "\n" + take());
  }
}
