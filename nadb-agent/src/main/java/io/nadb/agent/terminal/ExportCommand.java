package io.nadb.agent.terminal;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nadb export}: the figures of a JVM's stores, once, for another program. */
@Command(
    name = "export",
    description = "Writes the figures of a JVM's stores once.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Runnable {
  /** How many seconds a JVM without agent is listened to that reports no store. */
  private static final int MAX_SECONDS = 15;

  @Mixin private final JvmChoice jvm = new JvmChoice();

  @ArgGroup(multiplicity = "1")
  private Format format = new Format();

  @Spec private CommandSpec spec;

  /** Exactly one of these. */
  static final class Format {
    @SuppressWarnings("UnusedVariable") // what is left if it is none of the others
    @Option(names = "--json", required = true, description = "As JSON.")
    private boolean json;

    @Option(names = "--prometheus", required = true, description = "In Prometheus' text format.")
    private boolean prometheus;

    @Option(
        names = "--svg",
        required = true,
        paramLabel = "<file>",
        description = "As the picture that nadb top shows.")
    private @Nullable Path svg;
  }

  ExportCommand() {
    spec = CommandSpec.create(); // Replaced before the command runs.
  }

  @Override
  public void run() {
    try (Target target = jvm.connect()) {
      Observation snapshot = snapshot(target);
      List<StoreView> stores = snapshot.stores();
      Path file = format.svg;
      if (file != null) {
        String title = target.heading();
        TopFrame frame = new TopFrame(title);
        frame.add(snapshot);
        TopCommand.write(file, frame.draw(-1, ""));
      } else {
        spec.commandLine()
            .getOut()
            .print(
                format.prometheus
                    ? Exposition.prometheus(
                        stores, target.hasAgent() ? new AgentView(target).syncs() : Map.of())
                    : Exposition.json(target.pid(), target.title(), stores));
      }
      spec.commandLine().getOut().flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Observation snapshot(Target target) throws InterruptedException {
    if (target.hasAgent()) {
      return new Observation(Instant.EPOCH, new AgentView(target).read(), 0);
    }
    if (target.syncThreads() == 0) {
      throw new TerminalException("the JVM " + target.name() + " has no store open");
    }
    BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
    try (Feed feed = new Feed(target, inputs::add)) {
      for (int i = 0; i < MAX_SECONDS; i++) {
        if (!(inputs.take() instanceof Input.Seen seen)) {
          throw feed.ended();
        }
        if (!seen.snapshot().stores().isEmpty()) {
          return seen.snapshot();
        }
      }
    }
    throw new TerminalException(
        "no store of the JVM "
            + target.name()
            + " has reported within "
            + MAX_SECONDS
            + " seconds. A store reports after its next flush interval; with the agent ("
            + target.agentAdvice("")
            + ") at once.");
  }
}
