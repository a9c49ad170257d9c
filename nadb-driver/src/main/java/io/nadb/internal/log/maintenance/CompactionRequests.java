package io.nadb.internal.log.maintenance;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The compactions that were asked for and are not done, in the order of their coming. */
final class CompactionRequests {
  @GuardedBy("this")
  private final Deque<RequestedCompaction> waiting = new ArrayDeque<>();

  /** Why none is taken any more; null as long as they are. */
  @GuardedBy("this")
  private @Nullable RuntimeException ended;

  /** Adds one, which has its turn after those that were there before. */
  synchronized void add(RequestedCompaction request) {
    if (ended != null) {
      throw ended;
    }
    waiting.add(request);
  }

  /** The one whose turn it is; null if none waits. */
  synchronized @Nullable RequestedCompaction current() {
    while (!waiting.isEmpty() && waiting.element().isOver()) {
      waiting.remove();
    }
    return waiting.peek();
  }

  /** Tells the one whose turn it is that it can't go on before a sync. */
  void block() {
    RequestedCompaction request = current();
    if (request != null) {
      request.blocked();
    }
  }

  /** Has the one fail whose turn it is. */
  void fail(Throwable failure) {
    RequestedCompaction request = current();
    if (request != null) {
      request.fail(failure);
    }
  }

  /** Has all fail, and takes none from now on. */
  synchronized void end(RuntimeException reason) {
    ended = reason;
    waiting.forEach(request -> request.fail(reason));
    waiting.clear();
  }
}
