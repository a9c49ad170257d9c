package io.nadb.cli;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Ctrl-C does in the shell: ends the command that is running, and leaves the store open.
 *
 * <p>The command's thread is interrupted, which harms no store; what a command does for long looks
 * now and then whether it is. One that does not end of it goes on, unless Ctrl-C is pressed for the
 * third time: that ends the process, as it ends any other.
 */
final class CtrlC {
  /** How often it is pressed before the process is ended. */
  private static final int PATIENCE = 3;

  private final Environment environment;
  private final Runnable exit;

  /** The thread of the command that is running; null if none is. */
  @GuardedBy("this")
  private @Nullable Thread running;

  @GuardedBy("this")
  private int pressed;

  /**
   * Creates it.
   *
   * @param exit ends the process
   */
  CtrlC(Environment environment, Runnable exit) {
    this.environment = environment;
    this.exit = exit;
  }

  /** Runs a command with the calling thread, which is not interrupted afterwards. */
  <T extends @Nullable Object> T during(Supplier<T> command) {
    begin();
    try {
      return command.get();
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    running = Thread.currentThread();
    pressed = 0;
  }

  private synchronized void end() {
    running = null;
    Thread.interrupted(); // It was meant for this command, and for no other one.
  }

  /** It is pressed; to be called by any thread. */
  void press() {
    if (interrupt() >= PATIENCE) {
      exit.run();
    }
  }

  private synchronized int interrupt() {
    if (running == null) {
      return 0; // The line editor has its own.
    }
    environment.note(""); // The terminal has written ^C at the end of a line.
    running.interrupt();
    pressed++;
    if (pressed == PATIENCE - 1) {
      environment.note("nadb: the command is being ended; once more ends the shell");
    }
    return pressed;
  }

  /** Whether the command that the calling thread runs is to end. */
  static boolean isPressed() {
    return Thread.currentThread().isInterrupted();
  }

  /** Ends the command that the calling thread runs, if it is to end. */
  static void check() {
    if (isPressed()) {
      throw new CommandException(ExitCode.STOPPED, "stopped by Ctrl-C");
    }
  }
}
