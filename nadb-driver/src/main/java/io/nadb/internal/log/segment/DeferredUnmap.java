package io.nadb.internal.log.segment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.internal.log.format.Content;
import java.util.ArrayList;
import java.util.List;

/**
 * Closes files that can no longer be found as soon as the readers have left that may be in them.
 */
public final class DeferredUnmap {
  private final ReaderEpochs gate;

  @GuardedBy("this")
  private final List<Content> arrivals = new ArrayList<>();

  @GuardedBy("this")
  private final List<Content> waiting = new ArrayList<>();

  @GuardedBy("this")
  private int set;

  DeferredUnmap(ReaderEpochs gate) {
    this.gate = gate;
  }

  public synchronized void retire(Content file) {
    arrivals.add(file);
  }

  /** Closes what can be; returns whether something is left. */
  public synchronized boolean step() {
    if (!waiting.isEmpty() && gate.isEmpty(set)) {
      waiting.forEach(Content::close);
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

  /** Closes all, for a caller who knows that no reader is left or will come. */
  public synchronized void drain() {
    waiting.forEach(Content::close);
    waiting.clear();
    arrivals.forEach(Content::close);
    arrivals.clear();
  }
}
