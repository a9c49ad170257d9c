package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What those are told who lack what a container needs; and what is left when a JVM ends. */
class WithoutDockerIT {

  /** Opens a store, and prints why it can't. */
  static final class Open {
    public static void main(String[] arguments) {
      try {
        NadbDriverManager.open("nadb:tc:redis:7.0").close();
      } catch (NadbException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** Finds a server, and prints where. */
  static final class Find {
    public static void main(String[] arguments) {
      Surroundings bare = new Surroundings(name -> null, "", ClassLoader.getPlatformClassLoader());
      try {
        RedisServer.findOrStart(bare).close();
      } catch (RuntimeException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** Starts a server, and ends without closing it. */
  static final class Leave {
    public static void main(String[] arguments) {
      RedisServer redis = RedisServer.start();
      System.out.println(redis.port() + "\n" + redis.command("CONFIG", "GET", "dir"));
      System.exit(0);
    }
  }

  @Test
  void withoutTestcontainersAnErrorSaysWhatToAdd() throws Exception {
    assertThat(ChildJvm.run(Open.class, "testcontainers", Map.of()))
        .startsWith(
            "nadb:tc: needs the library org.testcontainers:testcontainers, 2.x or 1.21, on the"
                + " class path");
    assertThat(ChildJvm.run(Find.class, "testcontainers", Map.of()))
        .startsWith("No Redis for tests: ")
        .endsWith("Testcontainers is not on the class path");
  }

  @Test
  void withoutDockerAnErrorSaysSo() throws Exception {
    assumeTrue(
        Files.notExists(Path.of("/var/run/docker.sock")),
        "Docker is where Testcontainers always finds it");
    Map<String, String> nowhere = Map.of("DOCKER_HOST", "unix:///nowhere/docker.sock");

    assertThat(ChildJvm.run(Open.class, "", nowhere))
        .isEqualTo(
            "can't start a container of redis:7.0: Docker is not reachable; start it, or name it by"
                + " the environment variable DOCKER_HOST");
    assertThat(ChildJvm.run(Find.class, "", nowhere))
        .startsWith("No Redis for tests: ")
        .contains("; Docker is not reachable");
  }

  @Test
  void aServerThatIsLeftOpenEndsWithItsJvm() throws IOException, InterruptedException {
    List<String> printed = ChildJvm.run(Leave.class, "", Map.of()).lines().toList();

    assertThat(Path.of(printed.get(2)).getParent()).doesNotExist();
    assertThat(ProcessHandle.allProcesses().map(ProcessHandle::info))
        .noneMatch(info -> info.commandLine().orElse("").contains("127.0.0.1:" + printed.get(0)));
  }
}
