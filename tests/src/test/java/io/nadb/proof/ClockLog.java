package io.nadb.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * What a wall clock that a test moves has shown, and when by the JVM's own clock: for those who can
 * only say between which moments they looked.
 */
final class ClockLog {
  private final List<Move> moves = new ArrayList<>();

  /**
   * A move, during which the clock shows what lies between.
   *
   * @param highest the most that it has shown so far
   */
  private record Move(long begun, long ended, long from, long to, long highest) {}

  /**
   * Begins a log.
   *
   * @param start what the clock shows, in milliseconds since the epoch
   */
  ClockLog(long start) {
    moves.add(new Move(Long.MIN_VALUE, Long.MIN_VALUE, start, start, start));
  }

  /** Notes a move, after those before. */
  synchronized void moved(long begun, long ended, long to) {
    Move before = moves.get(moves.size() - 1);
    moves.add(new Move(begun, ended, before.to, to, Math.max(before.highest, to)));
  }

  /** The least that it may have shown in that time, in milliseconds since the epoch. */
  synchronized long lowest(long begun, long ended) {
    int at = lastEnded(begun);
    long lowest = moves.get(at).to;
    for (at++; at < moves.size() && moves.get(at).begun <= ended; at++) {
      lowest = Math.min(lowest, moves.get(at).to);
    }
    return lowest;
  }

  /** The most that it may have shown in that time. */
  synchronized long highest(long begun, long ended) {
    int at = lastEnded(begun);
    long highest = moves.get(at).to;
    for (at++; at < moves.size() && moves.get(at).begun <= ended; at++) {
      highest = Math.max(highest, moves.get(at).to);
    }
    return highest;
  }

  /** The most that it may have shown up to a moment. */
  synchronized long highestUntil(long ended) {
    int at = lastEnded(ended);
    for (; at + 1 < moves.size() && moves.get(at + 1).begun <= ended; at++) {}
    return moves.get(at).highest;
  }

  /** The last move that was over by then. */
  private int lastEnded(long moment) {
    int low = 0;
    int high = moves.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (moves.get(middle).ended <= moment) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
