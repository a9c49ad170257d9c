package io.nadb.cli;

import io.nadb.ConflictException;
import io.nadb.CorruptStoreException;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.NadbUrlException;
import io.nadb.StoreLockedException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** Tells what has failed, in one line if it is the world's or the user's doing. */
final class Failures {

  private Failures() {}

  /** Prints it, and returns what to exit with. */
  static int tell(Throwable failure, PrintStream err) {
    ExitCode exit = exit(failure);
    if (exit == ExitCode.FAULT) {
      failure.printStackTrace(err);
    } else if (exit == ExitCode.STOPPED && !(failure instanceof CommandException)) {
      err.println("nadb: stopped by Ctrl-C: " + message(failure));
    } else {
      err.println("nadb: " + message(failure));
    }
    err.flush();
    return exit.code();
  }

  /** What a failure is. */
  static ExitCode exit(Throwable failure) {
    if (failure instanceof CommandException command) {
      return command.exit();
    } else if (failure instanceof StoreLockedException) {
      return ExitCode.LOCKED;
    } else if (failure instanceof CorruptStoreException) {
      return ExitCode.CORRUPT;
    } else if (CtrlC.isPressed()) {
      return ExitCode.STOPPED; // What waits or reads fails of that, each in its own way.
    } else if (failure instanceof NadbConnectionException) {
      return ExitCode.CONNECTION;
    } else if (failure instanceof NadbTimeoutException) {
      return ExitCode.TIMEOUT;
    } else if (failure instanceof ConflictException) {
      return ExitCode.CONFLICT;
    } else if (failure instanceof UnsupportedOperationException) {
      return ExitCode.UNSUPPORTED;
    } else if (failure instanceof NadbUrlException || failure instanceof IllegalArgumentException) {
      return ExitCode.USAGE;
    } else if (failure instanceof NadbException
        || failure instanceof IOException
        || failure instanceof UncheckedIOException) {
      return ExitCode.FAILED;
    }
    return ExitCode.FAULT;
  }

  private static String message(Throwable failure) {
    if (failure instanceof UncheckedIOException e && e.getCause() != null) {
      return e.getCause().toString();
    }
    return failure instanceof IOException
        ? failure.toString()
        : String.valueOf(failure.getMessage());
  }
}
