package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A place in a test's own code, such as a backend, a wrapper or a callback, where threads are held
 * until the test lets them go. {@link Faults} hold them at the operations that a harness knows.
 *
 * <pre>{@code
 * Hold inMyBackend = time.newHold();
 * backend.beforeApply(inMyBackend::pass);
 * time.advance(ofSeconds(5));      // returns though the flush is held: a held thread waits
 * inMyBackend.awaitHeld();
 * ...                              // what may others do meanwhile?
 * inMyBackend.release();           // returns when the flush is done
 * }</pre>
 *
 * <p>Made by {@link VirtualTime#newHold}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Hold {
  private final VirtualTime time;
  private final String description;
  private final CompletableFuture<Boolean> reached = new CompletableFuture<>();

  /** Complete when nobody is held any more. */
  private final CompletableFuture<Boolean> gate = new CompletableFuture<>();

  @GuardedBy("this")
  private final List<Runnable> held = new ArrayList<>();

  /**
   * Creates one.
   *
   * @param description what holds the threads, for the messages
   */
  Hold(VirtualTime time, String description) {
    this.time = time;
    this.description = description;
  }

  /**
   * Holds the calling thread until {@link #release}; returns at once after that. A background
   * thread of a store, which knows no interruption, is held through it. A background thread counts
   * as waiting while it is held, so that time can be moved.
   *
   * @throws AssertionError if another thread is interrupted, since nobody else may be there to
   *     release it
   */
  public void pass() {
    synchronized (this) {
      if (gate.isDone()) {
        return;
      }
      held.add(time.hold());
    }
    reached.complete(true);
    boolean background = time.ownAlarm() != null;
    boolean interrupted = false;
    while (true) {
      try {
        gate.get();
        break;
      } catch (InterruptedException e) {
        if (!background) {
          throw ThreadDump.interrupted(
              "it was blocked by " + description + ", which nobody has released");
        }
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e); // It is never completed by a failure.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until a thread is held; returns at once if one has been.
   *
   * @throws InterruptedException if this thread is interrupted while waiting
   * @throws AssertionError if that does not happen within the patience, on the machine's clock
   */
  public void awaitHeld() throws InterruptedException {
    try {
      reached.get(time.patienceNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(
          "no thread came to be blocked by " + description + "\n" + ThreadDump.take(), e);
    } catch (InterruptedException e) {
      throw new InterruptedException(
          "interrupted before " + description + " blocked a thread\n" + ThreadDump.take());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // It is never completed by a failure.
    }
  }

  /**
   * Lets the threads go that are held here, and holds none any more; returns when the background
   * threads have done their work and wait again. A second call does nothing else.
   *
   * @throws AssertionError if a background thread does not come to rest within the patience
   */
  public void release() {
    open();
    time.settle();
  }

  /** As {@link #release}, but waits for nobody. */
  void open() {
    synchronized (this) {
      held.forEach(Runnable::run);
      held.clear();
      gate.complete(true);
    }
  }
}
