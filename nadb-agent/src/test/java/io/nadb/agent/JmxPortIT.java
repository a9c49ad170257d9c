package io.nadb.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.agent.TerminalCommand.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands beside a JVM that can't be attached to, and listens for JMX on a port. */
class JmxPortIT {
  private static final String OPEN =
      "open a nadb:fs:data?name=shop&flush=200ms&buffer=64kb&metadata=none";

  private static final String PASSWORDS = "reader s3cret-r\nwriter s3cret-w\n";

  @TempDir private Path directory;

  private static Outcome run(String... arguments) throws Exception {
    return TerminalCommand.run(arguments);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private WatchedJvm listening(int port, String... more) throws IOException {
    String jmx = "-Dcom.sun.management.jmxremote.";
    List<String> options =
        new ArrayList<>(
            List.of(
                "-XX:+DisableAttachMechanism",
                "-Djava.rmi.server.hostname=127.0.0.1",
                jmx + "host=127.0.0.1",
                jmx + "port=" + port,
                jmx + "rmi.port=" + port,
                jmx + "ssl=false"));
    options.addAll(List.of(more));
    return WatchedJvm.start(directory.resolve("application"), options.toArray(String[]::new));
  }

  @Test
  void whatNeedsNoAgentWorksThroughJmx() throws Exception {
    int port = freePort();
    String address = "127.0.0.1:" + port;
    try (WatchedJvm jvm = listening(port, "-Dcom.sun.management.jmxremote.authenticate=false")) {
      String pid = Long.toString(jvm.pid());
      jvm.say(OPEN);
      jvm.say("set a 10 1000");

      Outcome attached = run("top", pid, "--frames", "1");
      assertThat(attached.exit()).isEqualTo(1);
      assertThat(attached.err()).contains("DisableAttachMechanism", "host:port");

      Outcome top = run("top", address, "--frames", "1");
      assertThat(top.exit()).as(top.err()).isZero();
      assertThat(top.out()).contains(address, "Application", "shop");

      Outcome json = run("export", address, "--json");
      assertThat(json.out()).as(json.err()).contains("\"pid\":" + pid, "\"flushedKeys\":10");

      Process watch =
          TerminalCommand.start(directory.resolve("e"), "watch", address, "--count", "1");
      while (watch.isAlive()) { // Until the recording is on, nobody sees them.
        jvm.say("set a 7 10");
        jvm.say("flush a");
      }
      assertThat(watch.inputReader(StandardCharsets.UTF_8).readLine()).contains("FLUSH", "shop");

      Outcome flush = run("flush", address, "shop");
      assertThat(flush.exit()).isEqualTo(1);
      assertThat(flush.err()).contains("-javaagent:", "jmx=rw").doesNotContain("\tat ");

      Outcome attach = run("attach", address);
      assertThat(attach.exit()).isEqualTo(1);
      assertThat(attach.err()).contains("needs a pid", "-javaagent:").doesNotContain("\tat ");

      Outcome user = run("export", pid, "--json", "--user", "monitor");
      assertThat(user.err()).contains("--user", "host:port");
    }
    Outcome gone = run("top", address, "--frames", "1");
    assertThat(gone.exit()).isEqualTo(1);
    assertThat(gone.err()).contains(address, "Connection refused").doesNotContain("\tat ");
  }

  @Test
  void aUserAndAPasswordAreCheckedAndNeverShown() throws Exception {
    int port = freePort();
    String address = "127.0.0.1:" + port;
    try (WatchedJvm jvm = listeningToUsers(port, WatchedJvm.agent("jmx=rw"))) {
      jvm.say(OPEN.replace("200ms", "off"));
      jvm.say("set a 10 1000");
      String file = secret("mine", PASSWORDS).toString();
      String wrong = secret("wrong", "writer s3cret-x\n").toString();

      Outcome nobody = run("export", address, "--json");
      assertThat(nobody.exit()).isEqualTo(1);
      assertThat(nobody.err()).contains("--user").doesNotContain("\tat ");

      Outcome refused = run("flush", address, "shop", "--user", "writer", "--password-file", wrong);
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("password").doesNotContain("s3cret", "\tat ");

      Outcome unknown = run("flush", address, "shop", "--user", "other", "--password-file", file);
      assertThat(unknown.err()).contains("has no line \"other <password>\"");

      Outcome read = run("export", address, "--json", "--user", "reader", "--password-file", file);
      assertThat(read.out())
          .as(read.err())
          .contains("\"bufferedKeys\":10")
          .doesNotContain("lastFlushTime");

      Outcome denied = run("flush", address, "shop", "--user", "reader", "--password-file", file);
      assertThat(denied.exit()).isEqualTo(1);
      assertThat(denied.err()).contains("read only", "readwrite").doesNotContain("\tat ");

      Outcome top =
          run("top", address, "--frames", "1", "--user", "reader", "--password-file", file);
      assertThat(top.exit()).isEqualTo(1);
      assertThat(top.err()).contains("flight recorder", "read only").doesNotContain("\tat ");

      Outcome done = run("flush", address, "shop", "--user", "writer", "--password-file", file);
      assertThat(done.out().strip()).as(done.err()).isEqualTo("shop: flushed 10 keys");
      Outcome after = run("export", address, "--json", "--user", "reader", "--password-file", file);
      assertThat(after.out()).as(after.err()).containsPattern("\"lastFlushTime\":1[0-9]{12},");
    }
  }

  @Test
  void aUserThatMayOnlyReadIsToldSoWhereThereIsNoAgent() throws Exception {
    int port = freePort();
    try (WatchedJvm jvm = listeningToUsers(port)) {
      jvm.say(OPEN);
      String file = secret("mine", PASSWORDS).toString();
      Outcome read =
          run("export", "127.0.0.1:" + port, "--json", "--user", "reader", "--password-file", file);
      assertThat(read.exit()).isEqualTo(1);
      assertThat(read.err()).contains("read only", "readwrite").doesNotContain("\tat ");
    }
  }

  private WatchedJvm listeningToUsers(int port, String... more) throws IOException {
    List<String> options = new ArrayList<>(List.of(more));
    // The JVM puts hashes into its own file.
    options.add("-Dcom.sun.management.jmxremote.password.file=" + secret("theirs", PASSWORDS));
    options.add(
        "-Dcom.sun.management.jmxremote.access.file="
            + secret("access", "reader readonly\nwriter readwrite\n"));
    return listening(port, options.toArray(String[]::new));
  }

  private Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(directory.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
