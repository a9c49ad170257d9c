package io.nadb.testkit;

import java.util.Comparator;
import java.util.Map;

/** What all threads are doing, as text. */
final class ThreadDump {

  private ThreadDump() {}

  static String take() {
    StringBuilder text = new StringBuilder("threads:\n");
    Thread.getAllStackTraces().entrySet().stream()
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
}
