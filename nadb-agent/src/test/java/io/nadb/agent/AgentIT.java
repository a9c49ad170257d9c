package io.nadb.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's jar, as it is shipped, in other JVMs. */
class AgentIT {
  private static final ObjectName SHOP = name("type=Store,name=shop");
  private static final ObjectName SECOND_SHOP = name("type=Store,name=shop,instance=2");
  private static final ObjectName SYNC = name("type=Sync");
  private static final ObjectName REGISTRY = name("type=Registry");

  @TempDir private Path directory;

  private static ObjectName name(String properties) {
    try {
      return new ObjectName("io.nadb:" + properties);
    } catch (javax.management.MalformedObjectNameException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> names(MBeanServerConnection beans) throws Exception {
    return beans.queryNames(name("*"), null).stream()
        .map(ObjectName::toString)
        .collect(Collectors.toSet());
  }

  private static long number(MBeanServerConnection beans, ObjectName name, String attribute)
      throws Exception {
    return ((Number) beans.getAttribute(name, attribute)).longValue();
  }

  /** The command that the JVM's is appended to, so that it has a disk of a few megabytes. */
  private static List<String> smallDisk(Path directory) {
    boolean root = System.getProperty("user.name").equals("root");
    return List.of(
        "unshare",
        "--mount",
        root ? "--mount" : "--map-root-user",
        "sh",
        "-c",
        "mount -t tmpfs -o size=4m none \"$0\" && exec \"$@\"",
        directory.toString());
  }

  private static boolean succeeds(List<String> launcher) throws InterruptedException {
    List<String> command = Stream.concat(launcher.stream(), Stream.of("true")).toList();
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // There is no such command.
    }
  }

  private static void flush(MBeanServerConnection beans, ObjectName name) throws Exception {
    beans.invoke(name, "flush", new Object[0], new String[0]);
  }

  private static BlockingQueue<Notification> listen(MBeanServerConnection beans, ObjectName name)
      throws Exception {
    BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
    beans.addNotificationListener(
        name, (notification, handback) -> heard.add(notification), null, null);
    return heard;
  }

  @Test
  void anUnmodifiedApplicationShowsItsStoresInJConsoleAndSaysNothing() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, WatchedJvm.agent("jmx=rw"))) {
      jvm.say("open a nadb:fs:data?name=shop&flush=off&buffer=64kb&metadata=none");
      jvm.say("set a 10 100");
      jvm.say("get a key1");
      jvm.say("get a nothing");

      MBeanServerConnection beans = jvm.beans();
      assertThat(names(beans))
          .containsExactlyInAnyOrder(SHOP.toString(), SYNC.toString(), REGISTRY.toString());
      assertThat(beans.getAttribute(SHOP, "State")).isEqualTo("HEALTHY");
      assertThat(beans.getAttribute(SHOP, "Url")).asString().startsWith("nadb:fs:data?name=shop");
      assertThat(number(beans, SHOP, "BufferedKeys")).isEqualTo(10);
      assertThat(number(beans, SHOP, "BufferedBytes")).isEqualTo(1040);
      assertThat(number(beans, SHOP, "BufferLimitBytes")).isEqualTo(65536);
      assertThat(number(beans, SHOP, "Hits")).isEqualTo(1);
      assertThat(number(beans, SHOP, "Misses")).isEqualTo(1);
      assertThat(number(beans, SHOP, "FlushCount")).isZero();

      flush(beans, SHOP);
      assertThat(number(beans, SHOP, "FlushCount")).isEqualTo(1);
      assertThat(number(beans, SHOP, "FlushedKeys")).isEqualTo(10);
      assertThat(number(beans, SHOP, "BufferedKeys")).isZero();
      assertThat(beans.getAttribute(SHOP, "LastFlushCause")).isEqualTo("EXPLICIT");
      CompositeData latency = (CompositeData) beans.getAttribute(SHOP, "FlushLatency");
      assertThat(latency.get("count")).isEqualTo(1L);
      assertThat((double) latency.get("p99Millis")).isPositive();
      assertThat(beans.invoke(SHOP, "cleanupExpired", new Object[0], new String[0])).isEqualTo(0L);
      beans.invoke(SHOP, "resetStats", new Object[0], new String[0]);
      assertThat(((CompositeData) beans.getAttribute(SHOP, "FlushLatency")).get("count"))
          .isEqualTo(0L);

      assertThat(beans.getAttribute(SYNC, "Running")).isEqualTo(true);
      assertThat((String[]) beans.getAttribute(SYNC, "Stores")).containsExactly("shop");
      assertThat((String[]) beans.getAttribute(REGISTRY, "Stores"))
          .containsExactly(SHOP.toString());
      assertThat(jvm.say("close a")).isEqualTo("ok");
      assertThat(names(beans)).containsExactly(REGISTRY.toString());
      assertThat(jvm.end()).isEmpty();
    }
  }

  @Test
  void noAttributeIsUnknownToTheDriver() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, WatchedJvm.agent(""))) {
      jvm.say("open a nadb:fs:data?name=shop");
      jvm.say("set a 1 100");
      jvm.say("flush a"); // Before the first there is no time of the last.
      MBeanServerConnection beans = jvm.beans();
      for (ObjectName name : List.of(SHOP, SYNC, REGISTRY)) {
        for (var attribute : beans.getMBeanInfo(name).getAttributes()) {
          assertThat(beans.getAttribute(name, attribute.getName()))
              .as(name + " " + attribute.getName())
              .isNotNull()
              .isNotEqualTo(-1L);
        }
      }
    }
  }

  @Test
  void everyOptionIsShownWithItsSource() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, WatchedJvm.agent(""))) {
      jvm.say("open a nadb:fs:data?name=shop&buffer=64kb");
      CompositeData[] settings =
          (CompositeData[]) jvm.beans().invoke(SHOP, "configuration", new Object[0], new String[0]);
      assertThat(settings)
          .extracting(each -> each.get("name") + " " + each.get("value") + " " + each.get("source"))
          .contains("buffer 64kb url", "flush 5s default", "name shop url");
    }
  }

  @Test
  void operationsAreRefusedUnlessTheyWereAllowed() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, WatchedJvm.agent(""))) {
      jvm.say("open a nadb:fs:data?name=shop");
      MBeanServerConnection beans = jvm.beans();
      assertThatThrownBy(() -> flush(beans, SHOP))
          .hasRootCauseInstanceOf(IllegalStateException.class)
          .hasStackTraceContaining("flush is not allowed")
          .hasStackTraceContaining("jmx=rw");
    }
  }

  @Test
  void twoStoresOfOneNameAreToldApartAndClosingOneLeavesTheOther() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, WatchedJvm.agent("jmx=rw"))) {
      jvm.say("open a nadb:fs:one?name=shop&flush=off");
      jvm.say("open b nadb:fs:two?name=shop&flush=off");
      jvm.say("set b 3 100");
      MBeanServerConnection beans = jvm.beans();
      assertThat(names(beans)).contains(SHOP.toString(), SECOND_SHOP.toString());

      jvm.say("close a");
      assertThat(names(beans)).contains(SECOND_SHOP.toString()).doesNotContain(SHOP.toString());
      assertThat(number(beans, SECOND_SHOP, "BufferedKeys")).isEqualTo(3);

      jvm.say("open a nadb:fs:one?name=shop&flush=off");
      assertThat(names(beans)).contains(SHOP.toString(), SECOND_SHOP.toString());
      assertThat(number(beans, SHOP, "BufferedKeys")).isZero();
    }
  }

  @Test
  void aJvmThatRunsAlreadyIsWatchedFromTheAttachmentOn() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory)) {
      jvm.say("open a nadb:fs:data?name=shop&flush=off");
      jvm.say("set a 5 100");
      VirtualMachine machine = jvm.attach();
      machine.loadAgent(WatchedJvm.agentJar().toString(), "jmx=rw");
      machine.detach();

      MBeanServerConnection beans = jvm.beans();
      assertThat(number(beans, SHOP, "BufferedKeys")).isEqualTo(5);
      flush(beans, SHOP);
      CompositeData latency = (CompositeData) beans.getAttribute(SHOP, "FlushLatency");
      assertThat(latency.get("count")).as("its flushes are seen").isEqualTo(1L);
      jvm.say("open b nadb:fs:more?name=more");
      assertThat(names(beans)).contains("io.nadb:type=Store,name=more");
      jvm.say("close a");
      assertThat(names(beans)).doesNotContain(SHOP.toString());
    }
  }

  @Test
  void aSecondAgentAndWrongOptionsAreAWarningEachAndNothingElse() throws Exception {
    String first = WatchedJvm.agent("jmx=rw,jmy=rw,slow=5q");
    String second = WatchedJvm.agent("jmx=ro");
    try (WatchedJvm jvm = WatchedJvm.start(directory, first, second)) {
      assertThat(jvm.say("open a nadb:fs:data?name=shop")).isEqualTo("ok");
      assertThat(names(jvm.beans())).contains(SHOP.toString());
      assertThat(jvm.beans().getAttribute(REGISTRY, "Writable")).as("the first's").isEqualTo(true);
      assertThat(jvm.end().lines())
          .hasSize(3)
          .anyMatch(line -> line.startsWith("nadb-agent: unknown option jmy is ignored."))
          .anyMatch(line -> line.startsWith("nadb-agent: option slow=5q is ignored;"))
          .contains(
              "nadb-agent: is running in this JVM already; what was given this time is ignored");
    }
  }

  @Test
  void switchedOffItDoesNothing() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, WatchedJvm.agent("jmx=off"))) {
      assertThat(jvm.say("open a nadb:fs:data?name=shop")).isEqualTo("ok");
      assertThat(names(jvm.beans())).isEmpty();
      assertThat(jvm.end()).isEmpty();
    }
  }

  @Test
  void anApplicationWithoutNadbIsNotTouched() throws Exception {
    try (WatchedJvm jvm =
        WatchedJvm.start(directory, WatchedJvm.agent(""), "-Xlog:class+load:file=classes.txt")) {
      assertThat(jvm.end()).isEmpty();
      assertThat(java.nio.file.Files.readString(directory.resolve("classes.txt")))
          .contains("io.nadb.agent.WatchPointTransformer ")
          .doesNotContain("io.nadb.agent.shaded.bytebuddy.asm.Advice ")
          .doesNotContain("com.sun.jmx.mbeanserver.JmxMBeanServer ");
    }
  }

  @Test
  void itRunsBesideJaCoCosAgentWhicheverIsFirst() throws Exception {
    String other =
        "-javaagent:" + WatchedJvm.onClassPath("org.jacoco.agent") + "=destfile=jacoco.exec";
    for (List<String> agents :
        List.of(List.of(other, WatchedJvm.agent("")), List.of(WatchedJvm.agent(""), other))) {
      try (WatchedJvm jvm = WatchedJvm.start(directory, agents.toArray(String[]::new))) {
        jvm.say("open a nadb:fs:data?name=shop&flush=off");
        jvm.say("set a 3 100");
        jvm.say("flush a");
        MBeanServerConnection beans = jvm.beans();
        CompositeData latency = (CompositeData) beans.getAttribute(SHOP, "FlushLatency");
        assertThat(latency.get("count")).isEqualTo(1L);
        assertThat(jvm.end()).isEmpty();
        assertThat(directory.resolve("jacoco.exec")).isNotEmptyFile();
      }
    }
  }

  @Test
  void anApplicationThatIsRedeployedTenTimesIsCollectedTenTimes() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, WatchedJvm.agent(""))) {
      assertThat(jvm.say("deploy 10 nadb:fs:data?name=shop&metadata=none"))
          .isEqualTo("0 class loaders stay");
      assertThat(jvm.end()).isEmpty();
    }
  }

  @Test
  void itIsSeenThroughAPortOnTheLoopbackAddress() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Stream<String> options =
        Stream.of(
            "port=" + port,
            "rmi.port=" + port,
            "host=127.0.0.1",
            "authenticate=false",
            "ssl=false");
    List<String> all =
        Stream.concat(
                Stream.of(WatchedJvm.agent(""), "-Djava.rmi.server.hostname=127.0.0.1"),
                options.map(option -> "-Dcom.sun.management.jmxremote." + option))
            .toList();
    try (WatchedJvm jvm = WatchedJvm.start(directory, all.toArray(String[]::new))) {
      jvm.say("open a nadb:fs:data?name=shop");
      MBeanServerConnection beans =
          jvm.connect("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
      assertThat(number(beans, SHOP, "FlushCount")).isZero();
    }
  }

  @Test
  void listenersHearOfStoresThatComeAndGo() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, WatchedJvm.agent(""))) {
      jvm.say("open a nadb:fs:data?name=shop");
      BlockingQueue<Notification> heard = listen(jvm.beans(), REGISTRY);
      jvm.say("open b nadb:fs:more?name=more");
      Notification opened = heard.take();
      assertThat(opened.getType()).isEqualTo("nadb.store.opened");
      assertThat(((CompositeData) opened.getUserData()).get("store")).isEqualTo("more");
      jvm.say("close b");
      assertThat(heard.take().getType()).isEqualTo("nadb.store.closed");
    }
  }

  @Test
  void listenersHearOfADiskThatIsFullAndTheStoreHealsWhenThereIsSpaceAgain() throws Exception {
    List<String> smallDisk = smallDisk(directory);
    assumeThat(succeeds(smallDisk))
        .as(
            "a file system of a few megabytes can be mounted by root, or where users may have a"
                + " namespace of their own; elsewhere the test with the limit on files must do")
        .isTrue();
    try (WatchedJvm jvm = WatchedJvm.start(directory, smallDisk, WatchedJvm.agent(""))) {
      Path data = directory.resolve("data");
      Path ballast = directory.resolve("ballast");
      jvm.say("open a nadb:fs:" + data + "?name=shop&flush=off&segment=64kb&metadata=none");
      BlockingQueue<Notification> heard = listen(jvm.beans(), SHOP);
      assertThat(jvm.say("fill " + ballast)).isEqualTo("ok");
      jvm.say("set a 1 200000");
      assertThat(jvm.say("flush a")).startsWith("failed: ");
      Notification failed = heard.take();
      assertThat(failed.getType()).isEqualTo("nadb.flush.failed");
      CompositeData details = (CompositeData) failed.getUserData();
      assertThat(details.get("failure")).asString().contains("No space left on device");
      MBeanServerConnection beans = jvm.beans();
      assertThat(beans.getAttribute(SHOP, "State")).isEqualTo("DEGRADED");
      assertThat(beans.getAttribute(SHOP, "LastFailure")).asString().contains("No space left");
      assertThat(number(beans, SHOP, "FlushFailures")).isPositive();
      assertThat(number(beans, SHOP, "BufferedKeys")).isEqualTo(1);

      jvm.say("free " + ballast);
      assertThat(jvm.say("flush a")).isEqualTo("ok");
      assertThat(beans.getAttribute(SHOP, "State")).isEqualTo("HEALTHY");
      assertThat(number(beans, SHOP, "BufferedKeys")).isZero();
    }
  }

  @Test
  void listenersHearOfAFlushThatFailedSinceTheDiskIsFull() throws Exception {
    List<String> limited = List.of("prlimit", "--fsize=65536:");
    try (WatchedJvm jvm = WatchedJvm.start(directory, limited, WatchedJvm.agent(""))) {
      jvm.say("open a nadb:fs:data?name=shop&flush=off&segment=64kb&metadata=none&shutdown=off");
      BlockingQueue<Notification> heard = listen(jvm.beans(), SHOP);
      jvm.say("set a 1 200000");
      assertThat(jvm.say("flush a")).startsWith("failed: ");
      Notification failed = heard.take();
      assertThat(failed.getType()).isEqualTo("nadb.flush.failed");
      CompositeData data = (CompositeData) failed.getUserData();
      assertThat(data.get("store")).isEqualTo("shop");
      assertThat(data.get("failure")).asString().contains("File too large");
      assertThat(jvm.beans().getAttribute(SHOP, "Degraded")).isEqualTo(true);
    }
  }
}
