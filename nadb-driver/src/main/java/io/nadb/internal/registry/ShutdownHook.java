package io.nadb.internal.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A registry's one hook for the end of the JVM: there while a store is open that wants it, so that
 * an idle registry pins no class loader.
 *
 * <p>Hooks run side by side, in no order, so this one closes nothing that another may be using.
 */
final class ShutdownHook {
  private static final Logbook LOG = Logbook.of(ShutdownHook.class);

  /** What operating systems and containers leave a process before they kill it. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Runnable action;
  private final Supplier<String> unsaved;

  @GuardedBy("this")
  private @Nullable Thread hook;

  private volatile boolean begun;

  /**
   * Creates it.
   *
   * @param action what it does
   * @param unsaved tells, without waiting for anything, what would be lost; empty for nothing
   */
  ShutdownHook(Runnable action, Supplier<String> unsaved) {
    this.action = action;
    this.unsaved = unsaved;
  }

  /**
   * Adds or removes the hook; asks under its own lock, so that the latest answer holds.
   *
   * @return false if the JVM is ending, and the hook may have run already
   */
  synchronized boolean update(BooleanSupplier isWanted) {
    try {
      boolean wanted = isWanted.getAsBoolean();
      Thread present = hook;
      if (wanted && present == null) {
        Thread added = new Thread(null, this::run, "nadb-shutdown", 0, false);
        Runtime.getRuntime().addShutdownHook(added);
        hook = added;
      } else if (!wanted && present != null) {
        Runtime.getRuntime().removeShutdownHook(present);
        hook = null;
      }
      return !begun;
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "the JVM is shutting down already", e);
      return false;
    }
  }

  /** Runs the action, but lets the JVM go if a disk or a server hangs. */
  private void run() {
    begun = true;
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread worker = new Thread(null, () -> complete(done), "nadb-shutdown-flush", 0, false);
    worker.setDaemon(true);
    worker.start();
    try {
      // The machine's time, whatever the registry's is: the process is really about to end.
      if (!TimeSource.system().await(done, LIMIT)) {
        String lost = unsaved.get();
        warn(
            "not done with its stores after "
                + LIMIT
                + "; is a disk or server stuck?"
                + (lost.isEmpty() ? "" : " What may be lost: " + lost),
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void complete(CompletableFuture<Void> done) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      warn("failed: " + e, e);
    } finally {
      done.complete(null);
    }
  }

  /**
   * Also on the standard error, since the log may have ended before: its own hook runs at the same
   * time.
   */
  private static void warn(String problem, @Nullable Throwable cause) {
    String text = "at the end of the JVM: " + problem;
    System.err.println("NADB, " + text);
    LOG.log(Level.WARNING, text, cause);
  }
}
