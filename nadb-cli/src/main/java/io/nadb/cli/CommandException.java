package io.nadb.cli;

import org.jspecify.annotations.Nullable;

/** A command can't go on; the message is for whoever has typed it. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exit;

  CommandException(ExitCode exit, String message) {
    this(exit, message, null);
  }

  CommandException(ExitCode exit, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  ExitCode exit() {
    return exit;
  }
}
