package io.nadb.internal.driver;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A registry's one hook for the end of the JVM: there while a store is open that wants it, so that
 * an idle registry pins no class loader.
 */
final class ShutdownHook {
  private static final System.Logger LOG = System.getLogger(ShutdownHook.class.getName());

  /** What operating systems and containers leave a process before they kill it. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Runnable action;

  @GuardedBy("this")
  private @Nullable Thread hook;

  ShutdownHook(Runnable action) {
    this.action = action;
  }

  /** Adds or removes the hook; asks under its own lock, so that the latest answer holds. */
  synchronized void update(BooleanSupplier isWanted) {
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
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "the JVM is shutting down already", e);
    }
  }

  /** Runs the action, but lets the JVM go if a disk or a server hangs. */
  private void run() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread worker = new Thread(null, () -> complete(done), "nadb-shutdown-flush", 0, false);
    worker.setDaemon(true);
    worker.start();
    try {
      // The machine's time, whatever the registry's is: the process is really about to end.
      if (!TimeSource.system().await(done, LIMIT)) {
        LOG.log(
            Level.WARNING,
            "stores could not be flushed within {0} at the end of the JVM; what was buffered is"
                + " lost",
            LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void complete(CompletableFuture<Void> done) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "closing stores at the end of the JVM failed", e);
    } finally {
      done.complete(null);
    }
  }
}
