package io.nadb.registry;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.StoreLockedException;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testkit.VirtualTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second process, whatever has happened to the lock of the first one. */
class StolenLockIT {
  /** A process in namespaces of its own, where it is number 1 or near to it, as in a container. */
  private static final List<String> CONTAINER =
      List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");

  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  @TempDir private Path temp;
  private Path directory;

  /** Opens a store without timed flushes, and does with it what it is told, line by line. */
  static final class Tenant {
    public static void main(String[] arguments) throws IOException {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      KeyValueStore store;
      try {
        store = NadbDriverManager.open("nadb:fs:" + arguments[0] + "?flush=off&shutdown=off");
      } catch (NadbException e) {
        System.out.println("failed: " + e.getMessage());
        return;
      }
      System.out.println("open");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        try {
          switch (line) {
            case "set" -> store.set("theirs", utf8("v"));
            case "flush" -> store.flush();
            case "close" -> store.close();
            case "read" -> readAll(Path.of(arguments[0]));
            case "state" -> {
              System.out.println(store.stats().state());
              continue;
            }
            default -> throw new IllegalArgumentException(line);
          }
          System.out.println("ok");
        } catch (NadbException e) {
          System.out.println("failed: " + e.getMessage());
        }
      }
    }

    /** As a backup does that copies or zips everything. */
    private static void readAll(Path tree) throws IOException {
      try (Stream<Path> files = Files.walk(tree)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, OutputStream.nullOutputStream());
        }
      }
    }
  }

  @BeforeEach
  void resolve() throws IOException {
    temp = temp.toRealPath();
    directory = temp.resolve("main");
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private String url() {
    return "nadb:fs:" + temp;
  }

  private ChildJvm tenant() throws IOException {
    ChildJvm tenant = ChildJvm.start(Tenant.class, temp.toString());
    assertThat(tenant.line()).isEqualTo("open");
    assertThat(tenant.ask("set")).isEqualTo("ok");
    assertThat(tenant.ask("flush")).isEqualTo("ok");
    return tenant;
  }

  private void assertRefused(long pid) {
    assertThatThrownBy(() -> registry.open(url()))
        .isInstanceOf(StoreLockedException.class)
        .hasMessageStartingWith(
            "%s is already open by another process (pid %d on host ", directory, pid);
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aProcessThatHasCopiedItsOwnDirectoryKeepsIt() throws Exception {
    try (ChildJvm tenant = tenant()) {
      assertThat(tenant.ask("read")).isEqualTo("ok");

      assertRefused(tenant.pid());
      assertThat(tenant.ask("set")).isEqualTo("ok");
      assertThat(tenant.ask("flush")).isEqualTo("ok");
      assertThat(tenant.ask("close")).isEqualTo("ok");
      assertThat(registry.open(url()).keys("")).containsExactly("theirs");
    }
  }

  @Test
  void aProcessWhoseLockFileWasDeletedKeepsTheDirectory() throws Exception {
    try (ChildJvm tenant = tenant()) {
      Files.delete(directory.resolve("nadb.lock"));

      assertRefused(tenant.pid());
      assertRefused(tenant.pid());
      assertThat(tenant.ask("flush")).isEqualTo("ok");
      assertThat(tenant.ask("state")).isEqualTo("HEALTHY");
      tenant.kill();
      assertThat(registry.open(url()).keys("")).containsExactly("theirs");
    }
  }

  @Test
  void aProcessWhoseNoteWasDeletedKeepsTheDirectory() throws Exception {
    try (ChildJvm tenant = tenant()) {
      Files.delete(directory.resolve("nadb.owner"));

      assertThatThrownBy(() -> registry.open(url()))
          .isInstanceOf(StoreLockedException.class)
          .hasMessage(
              directory + " is already open by another process; one process at a time can use it");
      assertThat(tenant.ask("flush")).as("it writes a new note").isEqualTo("ok");
      assertRefused(tenant.pid());
    }
  }

  @Test
  void aDirectoryThatIsMadeAnewBelongsToWhoMadeIt() throws Exception {
    try (ChildJvm tenant = tenant()) {
      delete(directory);
      KeyValueStore ours = registry.open(url());
      ours.set("ours", utf8("v"));
      ours.flush();

      assertThat(tenant.ask("set")).isEqualTo("ok");
      assertThat(tenant.ask("flush"))
          .startsWith("failed: ")
          .contains(directory + " is another directory than the one that the store has opened");
      assertThat(tenant.ask("state")).isEqualTo("DEGRADED");
      assertThat(tenant.ask("close")).startsWith("failed: ").contains(": 1 key (");
      ours.set("ours too", utf8("v"));
      ours.close();
      assertThat(registry.open(url()).keys("")).containsExactly("ours", "ours too");
    }
  }

  @Test
  void aDirectoryThatWasMovedIsItsOwnersUntilThatHasEnded() throws Exception {
    try (ChildJvm tenant = tenant()) {
      Files.createDirectory(temp.resolve("moved"));
      Files.move(directory, temp.resolve("moved/main"));
      Files.delete(temp.resolve("moved/main/nadb.lock"));

      assertThatThrownBy(() -> registry.open("nadb:fs:" + temp.resolve("moved")))
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining("(pid " + tenant.pid() + " on host ");
      assertThat(tenant.ask("set")).isEqualTo("ok");
      assertThat(tenant.ask("flush")).startsWith("failed: ").contains(directory + " is gone");
      assertThat(tenant.ask("close")).startsWith("failed: ");
      KeyValueStore moved = registry.open("nadb:fs:" + temp.resolve("moved"));
      assertThat(moved.keys("")).as("it lives, but has let go").containsExactly("theirs");
    }
  }

  @Test
  void aSecondPathToTheDirectoryIsNoWayIn() throws Exception {
    assumeTrue(works("mount", "--version") && isRoot(), "only root can mount");
    Path first = Files.createDirectory(temp.resolve("first"));
    Path again = Files.createDirectory(temp.resolve("again"));
    KeyValueStore store = registry.open("nadb:fs:" + first);
    assumeTrue(works("mount", "--bind", "" + first, "" + again), "no right to mount");
    try {
      assertThatThrownBy(() -> registry.open("nadb:fs:" + again))
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining("by another registry of this process");
      store.set("ours", utf8("v"));
      store.flush();
    } finally {
      works("umount", again.toString());
    }
  }

  private static ChildJvm container(Path temp) throws IOException {
    return ChildJvm.startIn(CONTAINER, Tenant.class, temp.toString());
  }

  private static void assumeContainers() throws Exception {
    Stream<String> command = Stream.concat(CONTAINER.stream(), Stream.of("true"));
    assumeTrue(works(command.toArray(String[]::new)), "this user can't make pid namespaces");
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static boolean works(String... command) throws Exception {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aContainerKeepsTheDirectoryWhileItLives() throws Exception {
    assumeContainers();
    try (ChildJvm one = container(temp);
        ChildJvm two = onceOpen(one)) {
      assertThat(two.line())
          .startsWith("failed: " + directory + " is already open by another process (pid ");
    }
  }

  @Test
  void aContainerWhoseLockFileWasDeletedKeepsTheDirectory() throws Exception {
    assumeContainers();
    try (ChildJvm one = container(temp)) {
      assertThat(one.line()).isEqualTo("open");
      Files.delete(directory.resolve("nadb.lock"));
      try (ChildJvm two = container(temp)) {
        assertThat(two.line())
            .startsWith("failed: " + directory + " was not closed by its last owner (pid ")
            .contains("If it has ended, delete " + directory.resolve("nadb.owner"));
      }
    }
  }

  @Test
  void aContainerThatWasKilledKeepsNobodyOut() throws Exception {
    assumeContainers();
    try (ChildJvm one = container(temp)) {
      assertThat(one.line()).isEqualTo("open");
      assertThat(one.ask("set")).isEqualTo("ok");
      assertThat(one.ask("flush")).isEqualTo("ok");
      one.killAll();
    }
    try (ChildJvm two = container(temp)) {
      assertThat(two.line()).isEqualTo("open");
      assertThat(two.ask("close")).isEqualTo("ok");
    }
    assertThat(registry.open(url()).keys("")).containsExactly("theirs");
  }

  @Test
  void aContainerThatHasLostItsLockToAnotherStopsAndHarmsNothing() throws Exception {
    assumeContainers();
    try (ChildJvm one = container(temp)) {
      assertThat(one.line()).isEqualTo("open");
      assertThat(one.ask("set")).isEqualTo("ok");
      assertThat(one.ask("flush")).isEqualTo("ok");
      assertThat(one.ask("read")).as("drops its lock").isEqualTo("ok");
      try (ChildJvm two = container(temp)) {
        assertThat(two.line()).isEqualTo("open");
        assertThat(two.ask("set")).isEqualTo("ok");
        assertThat(two.ask("flush")).isEqualTo("ok");
        assertThat(one.ask("set")).isEqualTo("ok");
        assertThat(one.ask("flush"))
            .startsWith("failed: ")
            .contains(directory + " has been taken by pid ");
        assertThat(one.ask("close")).startsWith("failed: ").contains(" is lost: ");
        assertThat(two.ask("set")).isEqualTo("ok");
        assertThat(two.ask("close")).isEqualTo("ok");
      }
    }
    KeyValueStore store = registry.open(url());
    assertThat(store.keys("")).containsExactly("theirs");
    assertThat(store.stats().sequence()).as("what the second one has acknowledged").isEqualTo(3);
  }

  private ChildJvm onceOpen(ChildJvm first) throws IOException {
    assertThat(first.line()).isEqualTo("open");
    return container(temp);
  }
}
