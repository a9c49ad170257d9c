package io.nadb.agent.terminal;

import io.nadb.agent.terminal.Frame.Style;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nadb list}: which JVMs of this user have stores open. */
@Command(
    name = "list",
    description = {
      "Lists the JVMs of this user that have NADB stores open.",
      "Starts the management agent of each JVM, as JConsole does when it connects."
    },
    mixinStandardHelpOptions = true)
final class ListCommand implements Runnable {
  private static final int PID = 8;
  private static final int MAIN = 32;
  private static final int AGENT = 7;

  @Spec private CommandSpec spec;

  ListCommand() {
    spec = CommandSpec.create(); // Replaced before the command runs.
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Frame frame = new Frame();
    frame
        .line()
        .add(
            Units.left("PID", PID)
                + Units.left("MAIN", MAIN)
                + Units.left("AGENT", AGENT)
                + "STORES",
            Style.DIM);
    int found = 0;
    for (String pid : Target.pids()) {
      try (Target target = Target.connect(pid)) {
        found += line(frame, target) ? 1 : 0;
      } catch (TerminalException e) {
        spec.commandLine()
            .getErr()
            .println(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      }
    }
    out.print(found == 0 ? "no JVM of this user has a store open\n" : frame.plain());
    out.flush();
  }

  private static boolean line(Frame frame, Target target) {
    boolean agent = target.hasAgent();
    long threads = target.syncThreads();
    if (!agent && threads == 0) {
      return false;
    }
    List<String> stores =
        agent ? target.names("type=Store,*").stream().map(AgentView::shown).toList() : List.of();
    frame
        .line()
        .add(
            Units.left(target.pid(), PID)
                + Units.left(target.title(), MAIN - 1)
                + " "
                + Units.left(agent ? "yes" : "no", AGENT)
                + (agent
                    ? stores.stream().collect(Collectors.joining(", "))
                    : "open; nadb top " + target.pid() + " shows them"));
    return true;
  }
}
