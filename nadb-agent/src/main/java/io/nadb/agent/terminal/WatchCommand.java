package io.nadb.agent.terminal;

import io.nadb.agent.terminal.Frame.Style;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import jdk.jfr.consumer.RecordedEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nadb watch}: what happens in the stores of a JVM, as it happens. */
@Command(
    name = "watch",
    description = "Prints every flush, sweep, compaction and recovery of a JVM as it happens.",
    mixinStandardHelpOptions = true)
final class WatchCommand implements Runnable {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int NAME = 18;

  @Mixin private final JvmChoice jvm = new JvmChoice();

  @Option(names = "--count", paramLabel = "<n>", description = "Ends after so many events.")
  private int count = Integer.MAX_VALUE;

  @Spec private CommandSpec spec;

  WatchCommand() {
    spec = CommandSpec.create(); // Replaced before the command runs.
  }

  @Override
  public void run() {
    BlockingQueue<Frame> lines = new LinkedBlockingQueue<>();
    Frame end = new Frame();
    try (Target target = jvm.connect();
        Recorder recorder = new Recorder(target)) {
      recorder.events("io.nadb.Flush", event -> lines.add(flush(event)));
      recorder.events("io.nadb.Sweep", event -> lines.add(sweep(event)));
      recorder.events("io.nadb.Compaction", event -> lines.add(compaction(event)));
      recorder.events("io.nadb.Recovery", event -> lines.add(recovery(event)));
      recorder.start(() -> {}, () -> lines.add(end));
      boolean colours = Tty.isOutput();
      for (int i = 0; i < count; i++) {
        Frame line = lines.take();
        if (line == end) {
          throw new TerminalException("the JVM " + target.name() + " has ended");
        }
        spec.commandLine().getOut().print(colours ? line.ansi() : line.plain());
        spec.commandLine().getOut().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Frame line(Instant at, String what, String where, String text, Duration took) {
    return new Frame()
        .line()
        .add(TIME.format(at.atZone(ZoneId.systemDefault())) + "  ", Style.DIM)
        .add(Units.left(what, 12))
        .add(Units.left(where, NAME - 1) + " ", Style.TITLE)
        .add(text)
        .add(Units.right(Units.millis(took.toNanos() / NANOS_PER_MILLI), 9));
  }

  private static Frame flush(RecordedEvent event) {
    String text =
        Units.left(event.getString("cause"), 11)
            + Units.right(event.getLong("keys") + " keys", 13)
            + Units.right(Units.bytes(event.getLong("bytes")), 9);
    Frame line =
        line(event.getEndTime(), "FLUSH", event.getString("store"), text, event.getDuration());
    String failure = event.getString("failure");
    return failure == null ? line : line.add("  FAILED: " + failure, Style.BAD);
  }

  private static Frame sweep(RecordedEvent event) {
    String text = Units.right(event.getLong("removed") + " expired", 33);
    return line(event.getEndTime(), "SWEEP", event.getString("store"), text, event.getDuration());
  }

  private static Frame compaction(RecordedEvent event) {
    String text =
        Units.right(
            event.getInt("segments")
                + " segments, "
                + Units.bytes(event.getLong("bytesBefore"))
                + " to "
                + Units.bytes(event.getLong("bytesAfter")),
            33);
    return line(
        event.getEndTime(),
        "COMPACTION",
        tail(event.getString("directory")),
        text,
        event.getDuration());
  }

  private static Frame recovery(RecordedEvent event) {
    String text =
        Units.right(event.getLong("keys") + " keys, " + Units.bytes(event.getLong("bytes")), 33);
    return line(
        event.getEndTime(),
        "RECOVERY",
        tail(event.getString("directory")),
        text,
        event.getDuration());
  }

  /** The end of a path, which tells more than its beginning. */
  private static String tail(String directory) {
    int most = NAME - 1;
    return directory.length() <= most
        ? directory
        : "…" + directory.substring(directory.length() - most + 1);
  }
}
