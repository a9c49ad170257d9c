package io.nadb.internal.async;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.spi.Commit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that somebody has made without waiting for it: what it is about, how it is made, and the
 * stage that ends with what comes of it.
 *
 * <p>The stage is completed once the call has been answered and, if it was queued, those that
 * waited for it in the queue have been let go: what a user does then holds up nobody.
 */
public final class Call<T extends @Nullable Object> implements Reply<T> {
  private final Collection<Commit.Name> names;
  private final boolean writes;
  private final boolean precedes;
  private final long bytes;
  private final @Nullable Question<T> question;
  private final @Nullable Supplier<T> task;

  @GuardedBy("this")
  private @Nullable T answer;

  @GuardedBy("this")
  private @Nullable Throwable failure;

  @GuardedBy("this")
  private boolean answered;

  /** Whether the queue has it, or those behind it. */
  @GuardedBy("this")
  private boolean held;

  /** Made when somebody asks for it before the answer is there. */
  @GuardedBy("this")
  private @Nullable CompletableFuture<T> stage;

  /** What counts it, while it counts. */
  @GuardedBy("this")
  private @Nullable InFlight counted;

  /** How many calls it comes after that have not been made; for {@link CallQueue}, as the next. */
  int awaited;

  /** Those that come after it. */
  final List<Call<?>> followers = new ArrayList<>(0);

  /** Which one it is, in the order of calls. */
  long number;

  private Call(
      Collection<Commit.Name> names,
      boolean writes,
      boolean precedes,
      long bytes,
      @Nullable Question<T> question,
      @Nullable Supplier<T> task) {
    this.names = names;
    this.writes = writes;
    this.precedes = precedes;
    this.bytes = bytes;
    this.question = question;
    this.task = task;
  }

  /** Asks about one entry. */
  @FunctionalInterface
  public interface Question<T extends @Nullable Object> {
    /** Asks, and has the reply told. */
    void ask(EntryCalls calls, Reply<T> reply);
  }

  /**
   * A call about one entry.
   *
   * @param bytes how much memory it takes, about
   */
  public static <T extends @Nullable Object> Call<T> about(
      Commit.Name name, boolean writes, long bytes, Question<T> question) {
    return new Call<>(List.of(name), writes, true, bytes, question, null);
  }

  /**
   * A call that a thread makes for itself.
   *
   * @param names the entries that it is about, as far as that is known before
   */
  public static <T extends @Nullable Object> Call<T> task(
      Collection<Commit.Name> names, boolean writes, long bytes, Supplier<T> task) {
    return new Call<>(names, writes, true, bytes, null, task);
  }

  /**
   * A call that runs a user's function. It comes after those before it; those after it do not wait
   * for it, since one of them may be made by the function, which waits for that.
   *
   * @param names as above
   */
  public static <T extends @Nullable Object> Call<T> function(
      Collection<Commit.Name> names, long bytes, Supplier<T> task) {
    return new Call<>(names, true, false, bytes, null, task);
  }

  Collection<Commit.Name> names() {
    return names;
  }

  boolean writes() {
    return writes;
  }

  /** Whether calls after it wait for it. */
  boolean precedes() {
    return precedes;
  }

  long bytes() {
    return bytes;
  }

  /** Whether it is one that a thread makes for itself. */
  boolean isTask() {
    return question == null;
  }

  /**
   * Asks what it is to ask; whatever happens, this is told of it.
   *
   * @throws WouldWait if it is not to be asked there
   */
  public void ask(EntryCalls calls) {
    try {
      if (question != null) {
        question.ask(calls, this);
      }
    } catch (WouldWait e) {
      throw e;
    } catch (Throwable e) {
      failed(e);
    }
  }

  /** Makes it on this thread, if it is one that a thread makes for itself. */
  void run() {
    try {
      if (task != null) {
        answered(task.get());
      }
    } catch (Throwable e) {
      failed(e);
    }
  }

  /** From now on it counts, until it has come to its end. */
  void count(InFlight by) {
    by.enter(bytes);
    synchronized (this) {
      counted = by;
    }
  }

  /** From now on its end waits for {@link #release}. */
  synchronized void hold() {
    held = true;
  }

  /** Nobody waits for it in the queue any more. */
  void release() {
    synchronized (this) {
      held = false;
      if (!answered) {
        return;
      }
    }
    end();
  }

  @Override
  @SuppressWarnings("NullAway") // T says itself whether it may be null.
  public void answered(T with) {
    settle(with, null);
  }

  @Override
  @SuppressWarnings("NullAway") // as above
  public void failed(Throwable with) {
    settle(null, with);
  }

  @SuppressWarnings("NullAway") // as above
  private void settle(@Nullable T with, @Nullable Throwable because) {
    synchronized (this) {
      if (answered) {
        return; // What was thrown on the way back is nothing that has come of the call.
      }
      answered = true;
      answer = with;
      failure = because;
      if (held) {
        return;
      }
    }
    end();
  }

  /** Counts it out, then tells who waits for the stage. */
  private void end() {
    InFlight counter;
    CompletableFuture<T> waiting;
    synchronized (this) {
      counter = counted;
      counted = null;
      waiting = stage;
    }
    if (counter != null) {
      counter.leave(bytes);
    }
    if (waiting != null) {
      complete(waiting);
    }
  }

  @SuppressWarnings("NullAway") // as above
  private void complete(CompletableFuture<T> waiting) {
    Throwable failed;
    T with;
    synchronized (this) {
      failed = failure;
      with = answer;
    }
    if (failed == null) {
      waiting.complete(with);
    } else {
      waiting.completeExceptionally(failed);
    }
  }

  /** Whether it was answered, or has failed. */
  synchronized boolean isAnswered() {
    return answered;
  }

  /**
   * The stage, which nobody but this can complete; a failure is a {@link CompletionException}'s
   * cause.
   */
  @SuppressWarnings("NullAway") // as above
  public CompletionStage<T> stage() {
    synchronized (this) {
      if (answered && !held) {
        return failure == null
            ? CompletableFuture.completedStage(answer)
            : CompletableFuture.failedStage(new CompletionException(failure));
      }
      if (stage == null) {
        stage = new CompletableFuture<>();
      }
      return stage.minimalCompletionStage();
    }
  }
}
