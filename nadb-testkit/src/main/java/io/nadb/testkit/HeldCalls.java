package io.nadb.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls into stores that can be interrupted although a fault holds them.
 *
 * <p>A store waits for its own locks whatever interrupts, as it should: a flush must not fail
 * because of an interruption. But if a fault holds who has the lock, no test could end that wait.
 * So while there is such a fault, a call runs on a thread of its own, and the caller waits for that
 * only until it is interrupted.
 */
final class HeldCalls {
  /** How long, on the machine's clock, an interrupted call may take that no fault holds. */
  private static final long GRACE_MILLIS = 200;

  private final VirtualTime time;
  private final Faults faults;

  HeldCalls(VirtualTime time, Faults faults) {
    this.time = time;
    this.faults = faults;
  }

  /** A thread that makes one call for another one. */
  private static final class Deputy extends Thread {
    Deputy(Runnable call) {
      super(call, Thread.currentThread().getName());
      setDaemon(true);
      setContextClassLoader(Thread.currentThread().getContextClassLoader());
    }
  }

  /**
   * Makes a call.
   *
   * @throws AssertionError if this thread is interrupted while a fault holds the call
   */
  <T extends @Nullable Object> T make(Supplier<T> call) {
    if (!faults.mayHold() || Thread.currentThread() instanceof Deputy || time.ownAlarm() != null) {
      return call.get();
    }
    FutureTask<T> task = new FutureTask<>(call::get);
    Deputy deputy = new Deputy(task);
    deputy.start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      return interrupted(task, deputy);
    } catch (ExecutionException e) {
      throw rethrow(Objects.requireNonNull(e.getCause()));
    }
  }

  /** Lets a call come to its end if nothing holds it: in production it knows no interruption. */
  private <T extends @Nullable Object> T interrupted(FutureTask<T> task, Deputy deputy) {
    try {
      T answer = task.get(GRACE_MILLIS, TimeUnit.MILLISECONDS);
      Thread.currentThread().interrupt();
      return answer;
    } catch (TimeoutException | InterruptedException e) {
      AssertionError failure =
          ThreadDump.interrupted("a fault holds its call: " + faults.holding());
      deputy.interrupt();
      throw failure;
    } catch (ExecutionException e) {
      Thread.currentThread().interrupt();
      throw rethrow(Objects.requireNonNull(e.getCause()));
    }
  }

  /** Throws what the call has thrown, with the stack of the caller below its own. */
  private static RuntimeException rethrow(Throwable failure) {
    List<StackTraceElement> stack = new ArrayList<>(Arrays.asList(failure.getStackTrace()));
    stack.addAll(Arrays.asList(new Throwable().getStackTrace()));
    failure.setStackTrace(stack.toArray(new StackTraceElement[0]));
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure; // A supplier throws no other.
  }
}
