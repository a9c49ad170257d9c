package io.nadb.agent.terminal;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nadb flush}: makes durable what a store of a JVM has buffered. */
@Command(
    name = "flush",
    description = "Flushes a store. The JVM needs the agent, with jmx=rw.",
    mixinStandardHelpOptions = true)
final class FlushCommand implements Runnable {
  @Mixin private final JvmChoice jvm = new JvmChoice();

  @Parameters(index = "1", paramLabel = "<store>", description = "The store's name.")
  private String store = "";

  @Spec private CommandSpec spec;

  FlushCommand() {
    spec = CommandSpec.create(); // Replaced before the command runs.
  }

  @Override
  public void run() {
    try (Target target = jvm.connect()) {
      spec.commandLine().getOut().println(flush(target, store));
    }
  }

  /** Flushes a store; returns what to tell. */
  static String flush(Target target, String store) {
    if (!target.hasAgent()) {
      throw new TerminalException(
          "a JVM can be asked to flush only with NADB's agent in it: "
              + target.agentAdvice("jmx=rw"));
    }
    Set<ObjectName> names = target.names("type=Store,*");
    ObjectName name =
        names.stream()
            .filter(each -> AgentView.shown(each).equals(store))
            .findFirst()
            .orElseThrow(
                () ->
                    new TerminalException(
                        "the JVM "
                            + target.name()
                            + " has no store "
                            + store
                            + "; it has "
                            + names.stream()
                                .map(AgentView::shown)
                                .collect(Collectors.joining(", "))));
    try {
      Object keys = target.beans().getAttribute(name, "BufferedKeys");
      target.beans().invoke(name, "flush", new Object[0], new String[0]);
      return store + ": flushed " + keys + " keys";
    } catch (SecurityException e) {
      throw target.readOnly("flush", e);
    } catch (RuntimeMBeanException e) {
      throw new TerminalException(store + ": " + e.getTargetException().getMessage(), e);
    } catch (JMException e) {
      throw new TerminalException(store + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw target.gone(e);
    }
  }
}
