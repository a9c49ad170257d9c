package io.nadb.internal.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;

/**
 * Unmaps files that can no longer be found as soon as the readers have left that may be in them.
 */
final class Retirement {
  private final ReadGate gate;

  @GuardedBy("this")
  private final List<MappedFile> arrivals = new ArrayList<>();

  @GuardedBy("this")
  private final List<MappedFile> waiting = new ArrayList<>();

  @GuardedBy("this")
  private int set;

  Retirement(ReadGate gate) {
    this.gate = gate;
  }

  synchronized void retire(MappedFile file) {
    arrivals.add(file);
  }

  /** Unmaps what can be; returns whether something is left. */
  synchronized boolean step() {
    if (!waiting.isEmpty() && gate.isEmpty(set)) {
      waiting.forEach(MappedFile::unmap);
      waiting.clear();
    }
    if (waiting.isEmpty() && !arrivals.isEmpty()) {
      waiting.addAll(arrivals);
      arrivals.clear();
      set = gate.flip();
      return true;
    }
    return !waiting.isEmpty();
  }

  /** Unmaps all, for a caller who knows that no reader is left or will come. */
  synchronized void drain() {
    waiting.forEach(MappedFile::unmap);
    waiting.clear();
    arrivals.forEach(MappedFile::unmap);
    arrivals.clear();
  }
}
