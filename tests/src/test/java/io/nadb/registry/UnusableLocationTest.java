package io.nadb.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nadb.NadbException;
import io.nadb.NadbUrlException;
import io.nadb.StoreLockedException;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.spi.StorageIo;
import io.nadb.testing.Bytes;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places where no store can be, and what the message says. */
class UnusableLocationTest {
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  @TempDir private Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void aFileIsNoDirectory() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "hello");

    assertThatThrownBy(() -> registry.open("nadb:fs:" + file))
        .isInstanceOf(NadbException.class)
        .hasMessageStartingWith("can't use the directory of nadb:fs:" + file + ": ")
        .hasMessageContaining("" + file);
    assertThat(file).hasContent("hello");
  }

  @Test
  void aFileInPlaceOfTheDatabaseIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("app"), "hello");

    assertThatThrownBy(() -> registry.open("nadb:fs:" + directory + "?db=app"))
        .isInstanceOf(NadbException.class)
        .hasMessage(
            "can't use the directory of nadb:fs:%s?db=app: %s is a file; a directory is needed",
            directory, file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "~/x, '~' stands for no directory in a URL: nadb:fs:~/x, nadb:fs:./~/x if a directory",
        "~ann, '~' stands for no directory in a URL: nadb:fs:~ann, nadb:fs:./~ann if a directory",
        "$HOME/x, A path takes no variables: nadb:fs:$HOME/x, nadb:fs:./$HOME/x if a directory",
        "file:///x, takes a path and no other URL: nadb:fs:file:///x, nadb:fs:/absolute/path",
        "FILE:x, takes a path and no other URL: nadb:fs:FILE:x, nadb:fs:/absolute/path",
        "s3://x, takes a path and no other URL: nadb:fs:s3://x, nadb:fs:/absolute/path",
        "nadb:fs:./x, takes a path and no other URL: nadb:fs:nadb:fs:./x, nadb:fs:/absolute/path"
      })
  void whatNobodyMeansAsADirectorysNameBecomesNone(String mistake) {
    String[] parts = mistake.split(", ", 3);
    assertThatThrownBy(() -> registry.open("nadb:fs:" + parts[0]))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining(parts[1])
        .hasMessageContaining(parts[2]);
    assertThat(Path.of(parts[0].split("/", 2)[0])).doesNotExist();
  }

  @Test
  void suchADirectoryCanStillBeMeant() {
    for (String name : List.of("~", "$x", "data:v1")) {
      registry.open("nadb:fs:" + directory + "/" + name).close();
      assertThat(directory.resolve(name)).isDirectory();
    }
  }

  @Test
  void aLinkThatLeadsNowhereIsNoFile() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("gone"));

    assertThatThrownBy(() -> registry.open("nadb:fs:" + link))
        .isInstanceOf(NadbException.class)
        .hasMessage(
            "can't use the directory of nadb:fs:%s: %s is a symbolic link to %s, which does not"
                + " exist",
            link, link, directory.resolve("gone"));
  }

  @Test
  void aStoreInMemoryNeedsAName() {
    assertThatThrownBy(() -> registry.open("nadb:mem:"))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("expected nadb:mem:<name>, for example nadb:mem:test");
  }

  @Test
  void aFileSystemThatCannotSyncDirectoriesIsFoundAtOnceAndNamed() {
    try (NadbHarness harness = NadbHarness.create()) {
      harness
          .faults()
          .on(Operation.SYNC_DIRECTORY)
          .fail(new IOException("can't sync the directory /x: Invalid argument"));

      assertThatThrownBy(() -> harness.open("nadb:fs:data"))
          .isInstanceOf(NadbException.class)
          .hasMessage(
              "can't open fs:%s/main: can't sync the directory /x: Invalid argument; the file"
                  + " system may be unable to do this, such as syncing a directory; choose a local"
                  + " one",
              harness.directory().resolve("data"));
    }
  }

  @Test
  void aPlaceThatCannotBeCreatedIsNamed() {
    assumeTrue(Files.isDirectory(Path.of("/proc")));

    assertThatThrownBy(() -> registry.open("nadb:fs:/proc/nadb"))
        .isInstanceOf(NadbException.class)
        .hasMessageStartingWith("can't use the directory of nadb:fs:/proc/nadb: /proc/nadb")
        .hasMessageEndingWith(" does not exist and can't be created");
  }

  @Test
  void aDirectoryThatMayNotBeWrittenIsNamedAndLetGo() throws IOException {
    Files.createDirectory(directory.resolve("main"));
    StorageIo forbidding =
        (StorageIo)
            Proxy.newProxyInstance(
                StorageIo.class.getClassLoader(),
                new Class<?>[] {StorageIo.class},
                (proxy, method, arguments) -> {
                  throw new AccessDeniedException(directory.resolve("main/log").toString());
                });
    try (StoreRegistry other = new NadbRegistryProvider().create(time, forbidding)) {
      assertThatThrownBy(() -> other.open("nadb:fs:" + directory))
          .isInstanceOf(NadbException.class)
          .hasMessage(
              "can't open fs:%s/main: %s/main/log: permission denied; the user of this process must"
                  + " be able to write there",
              directory, directory);
      assertThat(other.status().running()).isFalse();
    }
    registry.open("nadb:fs:" + directory).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "", "a\0b"})
  void someNamesAreNoDatabase(String db) throws Exception {
    assertThatThrownBy(
            () -> registry.open("nadb:fs:" + directory.resolve("data"), Map.of("db", db)))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("db");
    assertThat(directory.toFile().list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "..\\x", "/x", "a/../../x", "~", "%2e%2e", "...", "..a"})
  void noDatabaseLeavesTheDirectory(String db) throws Exception {
    registry.open("nadb:fs:" + directory.resolve("data"), Map.of("db", db)).close();

    assertThat(directory.toFile().list()).containsExactly("data");
    assertThat(directory.resolve("data").toFile().list()).hasSize(1);
  }

  @Test
  void anUnpairedSurrogateIsNoDatabase() {
    assertThatThrownBy(() -> registry.open("nadb:mem:x", Map.of("db", "a\ud800")))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("expected text without unpaired surrogates");
  }

  @Test
  void aPathWithNulIsNoPath() {
    assertThatThrownBy(() -> registry.open("nadb:fs:" + directory + "/a%00b"))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("no file or server has such a name");
  }

  @Test
  void aHostIsNoPath() {
    assertThatThrownBy(() -> registry.open("nadb:fs://host/data"))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageStartingWith("The scheme 'fs' takes a path and no host: nadb:fs://host/data");
  }

  @Test
  void anotherRegistryOfThisProcessIsKeptOut() {
    registry.open("nadb:fs:" + directory).set("k", Bytes.utf8("v"));
    try (StoreRegistry other = StoreRegistry.create(time)) {
      assertThatThrownBy(() -> other.open("nadb:fs:" + directory))
          .isInstanceOf(StoreLockedException.class)
          .hasMessageStartingWith(
              directory + "/main is already open by another registry of this process (pid ")
          .hasMessageContaining("(pid " + ProcessHandle.current().pid() + " on host ")
          .hasMessageEndingWith(", since 2030-01-01T00:00:00Z); one process at a time can use it");
      assertThat(other.status().running()).isFalse();
      registry.close();

      assertThat(Bytes.text(other.open("nadb:fs:" + directory), "k")).contains("v");
    }
  }
}
