package io.nadb.internal.log.segment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.internal.log.format.Content;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to wait until the readers have left that are there now: taking away what they may still
 * find, and closing files that nobody finds any more but they may be in.
 */
public final class DeferredUnmap {
  private static final long MIN_PAUSE_NANOS = 50_000_000;
  private static final long MAX_PAUSE_NANOS = 5_000_000_000L;

  private final ReaderEpochs gate;

  @GuardedBy("this")
  private List<Runnable> arrivals = new ArrayList<>();

  @GuardedBy("this")
  private List<Runnable> waiting = new ArrayList<>();

  @GuardedBy("this")
  private int set;

  @GuardedBy("this")
  private long pauseNanos = MIN_PAUSE_NANOS;

  DeferredUnmap(ReaderEpochs gate) {
    this.gate = gate;
  }

  /** Closes a file that can no longer be found, when its readers have left. */
  public void retire(Content file) {
    afterReaders(file::close);
  }

  /** Does something when all readers have left that are there now; it may call this again. */
  synchronized void afterReaders(Runnable action) {
    arrivals.add(action);
  }

  /**
   * Does what can be done; returns whether there is more that can. While readers are there for whom
   * the rest waits, there is not: then {@link #isWaiting} tells that there will be.
   */
  public boolean step() {
    takeDue().forEach(Runnable::run);
    return goesOn();
  }

  /** Whether something waits for readers to leave. */
  public synchronized boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** How long to rest before the next step: longer each time, while readers are in no hurry. */
  public synchronized long pauseNanos() {
    long pause = pauseNanos;
    pauseNanos = Math.min(2 * pause, MAX_PAUSE_NANOS);
    return pause;
  }

  private synchronized List<Runnable> takeDue() {
    if (!waiting.isEmpty() && gate.isEmpty(set)) {
      List<Runnable> due = waiting;
      waiting = new ArrayList<>();
      return due;
    }
    return List.of();
  }

  /**
   * Whether the next step does something; if nothing waited, what has arrived waits from now on.
   */
  private synchronized boolean goesOn() {
    if (waiting.isEmpty() && !arrivals.isEmpty()) {
      waiting = arrivals;
      pauseNanos = MIN_PAUSE_NANOS;
      arrivals = new ArrayList<>();
      set = gate.flip();
    }
    return !waiting.isEmpty() && gate.isEmpty(set);
  }

  /** Does all, for a caller who knows that no reader is left or will come. */
  public void drain() {
    for (List<Runnable> rest = takeAll(); !rest.isEmpty(); rest = takeAll()) {
      rest.forEach(Runnable::run);
    }
  }

  private synchronized List<Runnable> takeAll() {
    List<Runnable> all = new ArrayList<>(waiting);
    all.addAll(arrivals);
    waiting = new ArrayList<>();
    arrivals = new ArrayList<>();
    return all;
  }
}
