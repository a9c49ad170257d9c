package io.nadb.agent.terminal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A terminal that hands on each key at once and shows frames in place; it is given back as it was,
 * also if the process is interrupted.
 */
final class Tty implements AutoCloseable {
  /** A read ends after a tenth of a second, whether a key has come or not. */
  private static final String KEYS = "-icanon -echo min 0 time 1 size";

  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]*) ([1-9][0-9]*)");
  private static final String CLEAR = "\u001b[?25l\u001b[H\u001b[2J";
  private static final String HOME = "\u001b[H";
  private static final String REST_OF_LINE = "\u001b[K";
  private static final String REST_OF_SCREEN = "\u001b[J";
  private static final String SHOW_CURSOR = "\u001b[?25h";

  private final PrintWriter out;
  private final String before;
  private final Thread hook = new Thread(this::giveBack, "nadb-terminal");

  @GuardedBy("this")
  private boolean closed;

  private Tty(PrintWriter out, String before) {
    this.out = out;
    this.before = before;
  }

  /** Takes the terminal; there is none if input or output is something else. */
  static Optional<Tty> open(PrintWriter out) {
    if (!isTerminal(0) || !isOutput()) {
      return Optional.empty();
    }
    return stty("-g").map(before -> new Tty(out, before)).filter(Tty::take);
  }

  /** Returns whether it is taken; what gives it back is there before. */
  private boolean take() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false; // The process is ending already.
    }
    boolean taken = setKeys();
    if (!taken) {
      close();
    }
    return taken;
  }

  private synchronized boolean setKeys() {
    if (closed || stty(KEYS).isEmpty()) {
      return false;
    }
    out.print(CLEAR);
    out.flush();
    return true;
  }

  /**
   * Tells whether the output is a terminal. {@code System.console()} no longer does since JDK 22.
   */
  static boolean isOutput() {
    return isTerminal(1);
  }

  /** Draws for so much room. */
  @FunctionalInterface
  interface Drawing {
    Frame draw(int rows, int columns);
  }

  /** Shows a frame in place of the one before, as much of it as there is room for. */
  synchronized void show(Drawing drawing) {
    if (closed) {
      return;
    }
    // The keys again: a shell that had stopped the process has taken them away.
    Matcher size = SIZE.matcher(stty(KEYS).orElse(""));
    int rows = size.matches() ? Integer.parseInt(size.group(1)) - 1 : Integer.MAX_VALUE;
    int columns = size.matches() ? Integer.parseInt(size.group(2)) : Integer.MAX_VALUE;
    Frame fitting = drawing.draw(rows, columns).fit(rows, columns);
    out.print(HOME + fitting.ansi().replace("\n", REST_OF_LINE + "\n") + REST_OF_SCREEN);
    out.flush();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The hook is running.
    }
    giveBack();
  }

  private synchronized void giveBack() {
    if (!closed) {
      closed = true;
      stty(before);
      out.print(SHOW_CURSOR);
      out.flush();
    }
  }

  /**
   * Has the terminal set, and returns what was asked; nothing if that is not possible. Ctrl-C,
   * which all processes of a terminal get, does not end the command before it has done so.
   */
  private static Optional<String> stty(String mode) {
    try {
      Process process =
          new ProcessBuilder(List.of("sh", "-c", "trap '' INT; exec stty " + mode))
              .redirectInput(Redirect.INHERIT)
              .start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return ended(process) ? Optional.of(answer) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // There is no such command: no keys then.
    }
  }

  /**
   * Waits for a command, however often the thread is interrupted: what the terminal was set to has
   * to be known, or it could not be given back. Returns whether the command has done well.
   */
  private static boolean ended(Process process) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor() == 0;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean isTerminal(int descriptor) {
    try {
      return ended(
          new ProcessBuilder(List.of("test", "-t", Integer.toString(descriptor)))
              .redirectInput(Redirect.INHERIT)
              .redirectOutput(Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      return false; // There is no such command.
    }
  }
}
