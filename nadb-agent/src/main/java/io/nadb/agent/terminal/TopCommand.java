package io.nadb.agent.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nadb top}: the stores of a JVM, live. */
@Command(
    name = "top",
    description = "Shows the stores of a JVM, about once a second.",
    mixinStandardHelpOptions = true)
final class TopCommand implements Runnable {
  @Mixin private final JvmChoice jvm = new JvmChoice();

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

  TopCommand() {
    spec = CommandSpec.create(); // Replaced before the command runs.
  }

  @Override
  public void run() {
    BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
    PrintWriter out = spec.commandLine().getOut();
    try (Target target = jvm.connect();
        Feed feed = new Feed(target, inputs::add)) {
      Optional<Tty> tty = Tty.open(out);
      Optional<Keyboard> keyboard = tty.map(it -> Keyboard.start(System.in, inputs::add));
      try {
        TopFrame frame = new TopFrame(target.heading());
        show(
            feed,
            new TopScreen(frame, tty.isPresent(), store -> flushBeside(target, store, inputs::add)),
            inputs,
            tty);
      } finally {
        keyboard.ifPresent(Keyboard::close);
        tty.ifPresent(Tty::close);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void show(
      Feed feed, TopScreen screen, BlockingQueue<Input> inputs, Optional<Tty> terminal)
      throws InterruptedException {
    terminal.ifPresent(tty -> tty.show(screen::draw));
    int shown = 0;
    while (shown < frames) {
      Input input = inputs.take();
      if (input instanceof Input.Ended) {
        throw feed.ended();
      }
      if (!screen.take(input)) {
        return;
      }
      terminal.ifPresentOrElse(tty -> tty.show(screen::draw), () -> print(screen.draw()));
      if (input instanceof Input.Seen seen) {
        shown += seen.snapshot().stores().isEmpty() ? 0 : 1;
        draw(screen.draw());
      }
    }
  }

  /** Flushes on a thread of its own: a disk may take its time, and the table goes on. */
  private static void flushBeside(Target target, String store, Consumer<Input> inputs) {
    Thread thread =
        new Thread(() -> inputs.accept(new Input.Told(flush(target, store))), "nadb-flush");
    thread.setDaemon(true);
    thread.start();
  }

  private static String flush(Target target, String store) {
    try {
      return FlushCommand.flush(target, store);
    } catch (TerminalException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void print(Frame frame) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(frame.plain());
    out.flush();
  }

  private void draw(Frame frame) {
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
