package io.nadb.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.agent.TerminalCommand.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that allow little, and modules: the application works in all of them. */
class AgentInTightJvmIT {
  private static final String OPEN = "open a nadb:fs:data?name=shop&metadata=none&flush=200ms";

  /** From this JDK on there is no security manager (JEP 486). */
  private static final int WITHOUT_SECURITY_MANAGER = 24;

  /** From this JDK on an agent that comes late is remarked on (JEP 451). */
  private static final int REMARKS_ON_LATE_AGENTS = 21;

  @TempDir private Path directory;

  private static void use(WatchedJvm jvm) throws Exception {
    assertThat(jvm.say(OPEN)).isEqualTo("ok");
    assertThat(jvm.say("set a 3 10")).isEqualTo("ok");
    assertThat(jvm.say("flush a")).isEqualTo("ok");
  }

  private static void assertShown(WatchedJvm jvm) throws Exception {
    ObjectName shop = new ObjectName("io.nadb:type=Store,name=shop");
    assertThat(jvm.beans().getAttribute(shop, "FlushedKeys")).isEqualTo(3L);
  }

  private static String pid(WatchedJvm jvm) {
    return Long.toString(jvm.pid());
  }

  /** Starts it with a security manager that lets all do everything, but maybe not the agent. */
  private WatchedJvm startSecured(boolean agentToo) throws Exception {
    List<String> entries = WatchedJvm.entries();
    List<String> allowed = new ArrayList<>(entries);
    if (agentToo) {
      allowed.add(WatchedJvm.agentJar().toString());
    }
    StringBuilder policy = new StringBuilder();
    for (String entry : allowed) {
      String code = Path.of(entry).toUri() + (entry.endsWith(".jar") ? "" : "-");
      policy.append("grant codeBase \"" + code + "\" {permission java.security.AllPermission;};\n");
    }
    Path file = Files.writeString(directory.resolve("policy"), policy);
    return WatchedJvm.start(
        directory,
        List.of(),
        entries,
        "-Djava.security.manager",
        "-Djava.security.policy=" + file,
        WatchedJvm.agent(""));
  }

  @Test
  void aSecurityManagerThatAllowsTheAgentIsNoHindrance() throws Exception {
    if (Runtime.version().feature() >= WITHOUT_SECURITY_MANAGER) {
      assertNoSecurityManager();
      return;
    }
    try (WatchedJvm jvm = startSecured(true)) {
      use(jvm);
      assertShown(jvm);
      assertThat(jvm.end()).doesNotContain("nadb-agent");
    }
  }

  @Test
  void aSecurityManagerThatDoesNotAllowTheAgentIsOneWarning() throws Exception {
    if (Runtime.version().feature() >= WITHOUT_SECURITY_MANAGER) {
      assertNoSecurityManager();
      return;
    }
    try (WatchedJvm jvm = startSecured(false)) {
      use(jvm);
      assertThat(jvm.end().lines())
          .filteredOn(line -> !line.startsWith("WARNING: "))
          .singleElement()
          .asString()
          .startsWith("nadb-agent: can't be installed: java.security.AccessControlException: ")
          .endsWith("; the application goes on without");
    }
  }

  /** There is nothing to be hindered by: such a JVM does not even start. */
  private static void assertNoSecurityManager() throws Exception {
    Process java =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Djava.security.manager",
                "-version")
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).isNotZero();
    assertThat(said).contains("Enabling a Security Manager is not supported");
  }

  @Test
  void aJvmWithoutJavaManagementIsOneWarning() throws Exception {
    try (WatchedJvm jvm =
        WatchedJvm.start(
            directory,
            "--limit-modules=java.base,java.sql,java.logging,java.instrument",
            WatchedJvm.agent(""))) {
      use(jvm);
      assertThat(jvm.end().lines())
          .containsExactly(
              "nadb-agent: needs the module java.management, which this JVM does not have; the"
                  + " application goes on without");
    }
  }

  @Test
  void aJvmThatCannotBeAttachedToCanHaveTheAgentFromTheStart() throws Exception {
    try (WatchedJvm jvm =
        WatchedJvm.start(directory, "-XX:+DisableAttachMechanism", WatchedJvm.agent(""))) {
      use(jvm);
      for (String[] command :
          new String[][] {
            {"top", pid(jvm)},
            {"watch", pid(jvm)},
            {"export", pid(jvm), "--json"},
            {"flush", pid(jvm), "shop"},
            {"attach", pid(jvm)}
          }) {
        Outcome outcome = TerminalCommand.run(command);
        assertThat(outcome.exit()).as(command[0]).isEqualTo(1);
        assertThat(outcome.err())
            .startsWith("can't attach to " + pid(jvm))
            .contains("-XX:+DisableAttachMechanism")
            .doesNotContain("\tat ");
      }
      assertThat(TerminalCommand.run("list").exit()).isZero();
      assertThat(jvm.end()).isEmpty();
    }
  }

  @Test
  void aJvmThatTakesNoAgentLaterIsShownWithoutAndSaysWhatToDo() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, "-XX:-EnableDynamicAgentLoading")) {
      use(jvm);
      Outcome attach = TerminalCommand.run("attach", pid(jvm));
      assertThat(attach.exit()).isEqualTo(1);
      assertThat(attach.err())
          .contains("the JVM " + pid(jvm) + " does not take the agent")
          .contains("-XX:+EnableDynamicAgentLoading", "-javaagent:" + WatchedJvm.agentJar())
          .doesNotContain("\tat ");
      Outcome export = TerminalCommand.run("export", pid(jvm), "--json");
      assertThat(export.exit()).as(export.err()).isZero();
      assertThat(export.out()).contains("\"name\":\"shop\"");
      assertThat(jvm.end()).isEmpty();
    }
  }

  @Test
  void aJvmThatExpectsAnAgentTakesItWithoutAWord() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, "-XX:+EnableDynamicAgentLoading")) {
      use(jvm);
      assertThat(TerminalCommand.run("attach", pid(jvm)).exit()).isZero();
      assertShown(jvm);
      assertThat(jvm.end()).isEmpty();
    }
  }

  @Test
  void anApplicationOfNamedModulesIsWatchedFromTheStart() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.startAsModule(directory, WatchedJvm.agent("jmx=rw"))) {
      use(jvm);
      assertShown(jvm);
      assertThat(TerminalCommand.run("flush", pid(jvm), "shop").exit()).isZero();
      jvm.say("close a");
      assertThat(jvm.beans().queryNames(new ObjectName("io.nadb:type=Store,*"), null)).isEmpty();
      assertThat(jvm.end()).isEmpty();
    }
  }

  @Test
  void anApplicationOfNamedModulesIsWatchedFromTheAttachmentOn() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.startAsModule(directory)) {
      use(jvm);
      assertThat(TerminalCommand.run("attach", pid(jvm)).exit()).isZero();
      assertShown(jvm);
      jvm.say("close a");
      assertThat(jvm.beans().queryNames(new ObjectName("io.nadb:type=Store,*"), null)).isEmpty();
      String err = jvm.end();
      if (Runtime.version().feature() < REMARKS_ON_LATE_AGENTS) {
        assertThat(err).isEmpty();
      } else {
        assertThat(err).doesNotContain("nadb-agent:", "Exception");
      }
    }
  }
}
