package io.nadb.internal.async;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls of one kind that may be made now, and those who make them. For {@link CallQueue}. */
public final class Lane {
  private final int maxWorkers;
  private final int maxCalls;
  private final long maxBytes;
  private final int crowd;
  private final Maker maker;

  /** Calls that may be made. */
  final ArrayDeque<Call<?>> ready = new ArrayDeque<>();

  /** How many threads make them. */
  int workers;

  /** Makes calls. */
  @FunctionalInterface
  public interface Maker {
    /**
     * Makes calls, of which each may be answered later; a call that is not about to be is told of a
     * failure.
     *
     * @return null; or, if none of them got an answer within the time that a call has, what to tell
     *     those who have waited as long
     */
    @Nullable RuntimeException make(List<Call<?>> calls);

    /** Does what is to be done once they have been told. */
    default void afterwards() {}
  }

  private Lane(int maxWorkers, int maxCalls, long maxBytes, int crowd, Maker maker) {
    this.maxWorkers = maxWorkers;
    this.maxCalls = maxCalls;
    this.maxBytes = maxBytes;
    this.crowd = crowd;
    this.maker = maker;
  }

  /** Each call is made by itself, by as many threads as there are calls, up to a bound. */
  public static Lane single(int maxWorkers, Maker maker) {
    return new Lane(maxWorkers, 1, 0, 1, maker);
  }

  /**
   * Calls are made together.
   *
   * @param maxBytes how large they are together, unless it is one
   * @param crowd how many must wait for another thread to come
   */
  public static Lane together(int maxWorkers, int maxCalls, long maxBytes, int crowd, Maker maker) {
    return new Lane(maxWorkers, maxCalls, maxBytes, crowd, maker);
  }

  Maker maker() {
    return maker;
  }

  /** Whether another thread is to make calls. */
  boolean wantsWorker() {
    return workers == 0
        ? !ready.isEmpty()
        : workers < maxWorkers && ready.size() >= Math.max(1, crowd);
  }

  /** Takes those that are made together next; none if there are none. */
  List<Call<?>> take() {
    List<Call<?>> taken = new ArrayList<>();
    long bytes = 0;
    Call<?> next = ready.peek();
    while (next != null
        && taken.size() < maxCalls
        && (taken.isEmpty() || bytes + next.bytes() <= maxBytes)) {
      taken.add(ready.remove());
      bytes += next.bytes();
      next = ready.peek();
    }
    return taken;
  }

  /** Takes those that were added before a certain one. */
  List<Call<?>> takeBefore(long number) {
    List<Call<?>> taken = new ArrayList<>();
    ready.removeIf(call -> call.number < number && taken.add(call));
    return taken;
  }
}
