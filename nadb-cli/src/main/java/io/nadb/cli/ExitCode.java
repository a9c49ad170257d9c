package io.nadb.cli;

/** With what a command exits, by what has come of it. */
enum ExitCode {
  /** Done. */
  DONE(0, "done"),
  /** What was asked for is not there. */
  NOT_FOUND(1, "what was asked for is not there: no such key, or a condition that did not hold"),
  /** The command was not understood. */
  USAGE(2, "the command, an option or the URL was not understood"),
  /** The world failed: a disk, a file, a right. */
  FAILED(3, "it failed: a disk, a file that is missing, a permission"),
  /** Somebody else has the store open. */
  LOCKED(4, "another process has the store open; the message says which"),
  /** The store is damaged. */
  CORRUPT(5, "the store or the backup is damaged; the message names the file"),
  /** The server was not reached. */
  CONNECTION(6, "the server was not reached, or the connection was lost"),
  /** It took too long. */
  TIMEOUT(7, "it took too long; the message says whether a write is in doubt"),
  /** The store can't do that. */
  UNSUPPORTED(8, "this kind of store can't do that"),
  /** Somebody else was always faster. */
  CONFLICT(9, "somebody else changed the same entries again and again"),
  /** A fault of the command itself. */
  FAULT(70, "a fault of nadb itself; please report it with the trace"),
  /** Somebody has had enough of it. */
  STOPPED(130, "it was stopped by Ctrl-C");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** What a number means. */
  static ExitCode of(int code) {
    for (ExitCode each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    return FAULT;
  }

  int code() {
    return code;
  }

  String meaning() {
    return meaning;
  }
}
