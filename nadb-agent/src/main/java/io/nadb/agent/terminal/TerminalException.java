package io.nadb.agent.terminal;

/** A command can't go on; the message is for the user and is printed without a trace. */
final class TerminalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TerminalException(String message) {
    super(message);
  }

  TerminalException(String message, Throwable cause) {
    super(message, cause);
  }
}
