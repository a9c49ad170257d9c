package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Something that is made to go wrong; see {@link Faults}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Fault {
  private final Plan plan;
  private final Action action;
  private final VirtualTime time;

  /** Where it blocks threads. */
  private final Hold hold;

  /** Complete when the fault is over: then nobody is slowed down any more. */
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  @GuardedBy("this")
  private int seen;

  @GuardedBy("this")
  private int fired;

  @GuardedBy("this")
  private boolean over;

  Fault(Plan plan, Action action, VirtualTime time) {
    this.plan = plan;
    this.action = action;
    this.time = time;
    this.hold = new Hold(time, "the fault " + describe(plan, action));
  }

  /**
   * Which operations are struck.
   *
   * @param file a glob for the file's name; null for every file
   * @param first the first one that is struck, counted from 1
   * @param times how many are
   */
  record Plan(Operation operation, @Nullable String file, int first, int times) {

    boolean concerns(Operation done, String target) {
      if (done != operation || file == null) {
        return done == operation;
      }
      PathMatcher glob = FileSystems.getDefault().getPathMatcher("glob:" + file);
      Path name = Path.of(target).getFileName();
      return name != null && glob.matches(name);
    }

    @Override
    public String toString() {
      return operation
          + (file == null ? "" : " of " + file)
          + (first == 1 ? "" : ", from number " + first)
          + (times == 1 ? "" : times == Integer.MAX_VALUE ? ", always" : ", " + times + " times");
    }
  }

  /**
   * What happens to them.
   *
   * @param failure what is thrown; null if the operation succeeds
   * @param halfDone whether half of a write, or all of anything else but a sync, is done before
   * @param delay how much virtual time it takes
   * @param blocks whether the thread is held until it is released
   */
  record Action(@Nullable Throwable failure, boolean halfDone, Duration delay, boolean blocks) {

    @Override
    public String toString() {
      if (failure != null) {
        return (halfDone ? "do half, then fail with " : "fail with ") + failure;
      }
      return blocks ? "block" : "take " + delay;
    }
  }

  /** How many operations it has struck. */
  public synchronized int fired() {
    return fired;
  }

  /**
   * Waits until a thread is blocked by this fault.
   *
   * @throws InterruptedException if this thread is interrupted while waiting
   * @throws AssertionError if that does not happen within the patience, on the machine's clock
   */
  public void awaitBlocked() throws InterruptedException {
    hold.awaitHeld();
  }

  /**
   * Lets go the threads that this fault blocks, and blocks none any more; returns when the
   * background threads among them have done their work and wait again. A fault of another kind ends
   * too. A second call does nothing.
   */
  public void release() {
    end();
    time.settle();
  }

  void end() {
    synchronized (this) {
      over = true;
    }
    hold.open();
    ended.complete(true);
  }

  /** Whether it may keep a thread for longer than the operation takes. */
  synchronized boolean mayHold() {
    return !over && (action.blocks || action.delay.compareTo(Duration.ZERO) > 0);
  }

  boolean isPending() {
    synchronized (this) {
      return fired == 0;
    }
  }

  /** Whether an operation is struck; counts it. */
  synchronized boolean strikes(Operation operation, String target) {
    if (over || !plan.concerns(operation, target)) {
      return false;
    }
    seen++;
    boolean struck = seen >= plan.first && seen - plan.first < plan.times;
    if (struck) {
      fired++;
    }
    return struck;
  }

  /** Delays or holds the calling thread, as planned. */
  void delay() {
    if (action.delay.compareTo(Duration.ZERO) > 0) {
      time.sleep(action.delay, ended);
    }
    if (action.blocks) {
      hold.pass();
    }
  }

  boolean fails() {
    return action.failure != null;
  }

  boolean isHalfDone() {
    return action.halfDone;
  }

  /** Throws the failure; an I/O error anew each time, so that each has its own stack. */
  void raise() throws IOException {
    Throwable failure = action.failure;
    if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    } else if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  @Override
  public String toString() {
    return describe(plan, action);
  }

  private static String describe(Plan plan, Action action) {
    return "on " + plan + ": " + action;
  }
}
