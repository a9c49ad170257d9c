package io.nadb.agent;

import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Says each thing that is wrong once. */
final class Warnings {
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private final PrintStream err;

  Warnings(PrintStream err) {
    this.err = err;
  }

  void warn(String message) {
    try {
      if (said.add(message)) {
        err.println("nadb-agent: " + message);
      }
    } catch (Throwable e) {
      // There is no memory for words, or the stream throws: the application comes first.
    }
  }

  /** Says that something could not be done; what it concerns is not watched then. */
  void warn(String what, Throwable e) {
    try {
      warn(what + ": " + e + "; the application goes on without");
    } catch (Throwable another) {
      // There is no memory for words, or the stream throws: the application comes first.
    }
  }
}
