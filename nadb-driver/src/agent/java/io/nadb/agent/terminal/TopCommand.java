package io.nadb.agent.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nadb top}: the stores of a JVM, live. */
@Command(
    name = "top",
    description = "Shows the stores of a JVM, about once a second.",
    mixinStandardHelpOptions = true)
final class TopCommand implements Runnable {
  private static final String HOME = "\u001b[H\u001b[2J";

  @Parameters(index = "0", paramLabel = "<pid>", description = "The JVM; see nadb list.")
  private String pid = "";

  @Option(
      names = "--frames",
      paramLabel = "<n>",
      description = "Ends after so many frames that show a store.")
  private int frames = Integer.MAX_VALUE;

  @Option(
      names = "--svg",
      paramLabel = "<file>",
      description = "Draws each frame into this file, too.")
  private @Nullable Path svg;

  @Spec private CommandSpec spec;

  /** Which store a key would flush, from 0. */
  private int chosen;

  private String note = "";

  TopCommand() {
    spec = CommandSpec.create(); // Replaced before the command runs.
  }

  @Override
  public void run() {
    try (Target target = Target.connect(pid);
        Feed feed = new Feed(target);
        Keyboard keyboard = new Keyboard()) {
      TopFrame frame = new TopFrame("pid " + pid + " " + target.title());
      int shown = 0;
      while (shown < frames) {
        Snapshot now = feed.next();
        if (!keys(keyboard, target, now)) {
          return;
        }
        show(frame.next(now, keyboard.isPresent() ? chosen : -1, note), keyboard.isPresent());
        shown += now.stores().isEmpty() ? 0 : 1;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does what the keys say that have been pressed; returns false to quit. */
  private boolean keys(Keyboard keyboard, Target target, Snapshot now) {
    for (char key = keyboard.next(); key != 0; key = keyboard.next()) {
      if (key == 'q') {
        return false;
      }
      if (key >= '1' && key <= '9') {
        chosen = key - '1';
      }
      if (key == 'f' && chosen < now.stores().size()) {
        note = flush(target, now.stores().get(chosen).name());
      }
    }
    return true;
  }

  private static String flush(Target target, String store) {
    try {
      return FlushCommand.flush(target, store);
    } catch (TerminalException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void show(Frame frame, boolean live) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(live ? HOME + frame.ansi() : frame.plain());
    out.flush();
    Path file = svg;
    if (file != null) {
      write(file, frame);
    }
  }

  /** Draws a frame into a file. */
  static void write(Path file, Frame frame) {
    try {
      Files.writeString(file, Svg.draw(frame));
    } catch (IOException e) {
      throw new TerminalException("can't write " + file + ": " + e, e);
    }
  }
}
