package io.nadb.agent.terminal;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nadb attach}: puts the agent into a JVM that runs already. */
@Command(
    name = "attach",
    description = {
      "Puts the agent into a JVM that runs already, until that ends.",
      "Since JDK 21, that JVM prints a warning when this happens (JEP 451);",
      "-javaagent at its start, or -XX:+EnableDynamicAgentLoading, avoids it."
    },
    mixinStandardHelpOptions = true)
final class AttachCommand implements Runnable {
  private static final int FIRST_THAT_WARNS = 21;

  @Parameters(index = "0", paramLabel = "<pid>", description = "The JVM; see nadb list.")
  private String pid = "";

  @Parameters(
      index = "1",
      paramLabel = "<options>",
      arity = "0..1",
      description = "The agent's options, such as jmx=rw,slow=1s.")
  private String options = "";

  @Spec private CommandSpec spec;

  AttachCommand() {
    spec = CommandSpec.create(); // Replaced before the command runs.
  }

  @Override
  public void run() {
    Path jar = jar();
    if (JmxAddress.parse(pid).isPresent()) {
      throw new TerminalException(
          "attach needs a pid of this machine: nothing can be put into a JVM through JMX. Start it"
              + " with -javaagent:"
              + jar);
    }
    VirtualMachine machine = Target.attach(pid);
    try {
      String version = machine.getSystemProperties().getProperty("java.specification.version", "");
      if (version.matches("[0-9]+") && Integer.parseInt(version) >= FIRST_THAT_WARNS) {
        spec.commandLine()
            .getErr()
            .println(
                "The JVM runs JDK "
                    + version
                    + ", which prints a warning about this (JEP 451) unless it was started with"
                    + " -XX:+EnableDynamicAgentLoading.");
      }
      machine.loadAgent(jar.toString(), options);
      spec.commandLine()
          .getOut()
          .println("attached to " + pid + "; its MBeans are in the domain io.nadb");
    } catch (AgentLoadException | AgentInitializationException | IOException e) {
      throw new TerminalException(
          "the JVM "
              + pid
              + " does not take the agent: "
              + e.getMessage()
              + "\nIts user must be able to read "
              + jar
              + ", and it must allow this (-XX:+EnableDynamicAgentLoading). Or start it with"
              + " -javaagent:"
              + jar,
          e);
    } finally {
      Target.detach(machine);
    }
  }

  private static Path jar() {
    CodeSource source = AttachCommand.class.getProtectionDomain().getCodeSource();
    try {
      Path jar = source == null ? Path.of("") : Path.of(source.getLocation().toURI());
      if (jar.toString().endsWith(".jar")) {
        return jar.toAbsolutePath();
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    throw new TerminalException(
        "attach works from the agent's jar only: java -jar nadb-agent-<version>.jar");
  }
}
