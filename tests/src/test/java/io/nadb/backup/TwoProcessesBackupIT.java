package io.nadb.backup;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that make a backup into the same directory at once. */
@Timeout(120)
class TwoProcessesBackupIT {
  private static final int KEYS = 60;

  @TempDir private Path temp;
  private final StoreRegistry registry = StoreRegistry.create();

  @AfterEach
  void close() {
    registry.close();
  }

  /** Backs a store up, and waits in the midst of it until it is given a byte or its input ends. */
  static final class Maker {
    public static void main(String[] arguments) {
      try (StoreRegistry registry = StoreRegistry.create();
          KeyValueStore store = registry.open(arguments[0])) {
        boolean[] told = new boolean[1];
        Backup backup =
            Backups.at(Path.of(arguments[1]))
                .reporting(
                    (bytes, total) -> {
                      if (!told[0] && bytes < total) {
                        told[0] = true;
                        System.out.println("making");
                        awaitInput();
                      }
                    })
                .create(store);
        System.out.println(backup.directory().getFileName());
      } catch (NadbException e) {
        System.out.println(e.getMessage());
      }
    }

    private static void awaitInput() {
      try {
        System.in.read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private String url() {
    return "nadb:fs:" + temp.resolve("data") + "?flush=off&segment=1mb&metadata=none";
  }

  private Path directory() {
    return temp.resolve("backups");
  }

  private Backups backups() {
    return Backups.at(directory());
  }

  private static void fill(KeyValueStore store, int round) {
    for (int i = 0; i < KEYS; i++) {
      store.set("key" + i, utf8((round + "x").repeat(50_000)));
    }
    store.flush();
  }

  private void prepare() {
    try (StoreRegistry writers = StoreRegistry.create();
        KeyValueStore store = writers.open(url())) {
      fill(store, 0);
      backups().create(store);
      fill(store, 1);
    }
  }

  private KeyValueStore reader() {
    return registry.open("nadb:fs:" + temp.resolve("data") + "?access=read");
  }

  private void assertAllAreWhole(int count) {
    List<Backup> all = backups().list();
    assertThat(all).hasSize(count).allSatisfy(Backup::verify);
    try (StoreRegistry readers = StoreRegistry.create()) {
      for (int i = 0; i < count; i++) {
        String url = "nadb:fs:" + all.get(i).directory() + "?access=read";
        assertThat(readers.open(url).get("key7"))
            .hasValue(utf8((i == 0 ? "0x" : "1x").repeat(50_000)));
      }
    }
    List<String> expected = new ArrayList<>(List.of("backups.lock"));
    all.forEach(each -> expected.add(String.valueOf(each.directory().getFileName())));
    assertThat(directory().toFile().list()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void whoComesSecondIsRefusedAndToldWhichProcessHasIt() throws Exception {
    prepare();
    KeyValueStore store = reader();
    try (ChildJvm maker =
        ChildJvm.start(Maker.class, url() + "&access=read", directory().toString())) {
      assertThat(maker.line()).isEqualTo("making");
      String expected =
          "another process (pid %d on host %s) is making or deleting a backup in %s; wait until it"
              .formatted(maker.pid(), host(), directory());

      assertThatThrownBy(() -> backups().create(store))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining(expected);
      assertThatThrownBy(() -> backups().createFull(store)).hasMessageContaining(expected);
      assertThatThrownBy(() -> backups().list().get(0).delete()).hasMessageContaining(expected);
      assertThat(backups().list()).as("what may be read meanwhile").hasSize(1);
      backups().list().get(0).verify();

      maker.release();
      assertThat(maker.line()).startsWith("00002-");
      assertThat(maker.exitCode()).isZero();
    }
    assertAllAreWhole(2);
    backups().create(store);
    assertAllAreWhole(3);
  }

  @Test
  void whoIsRefusedDoesNotTakeTheLockFromWhoHasIt() throws Exception {
    prepare();
    KeyValueStore store = reader();
    List<String> said = new ArrayList<>();

    Backups.at(directory())
        .reporting(
            (bytes, total) -> {
              if (said.size() < 2) {
                said.add(refusedChild());
              }
            })
        .create(store);

    assertThat(said)
        .hasSize(2)
        .allSatisfy(
            each ->
                assertThat(each)
                    .contains(
                        "another process (pid " + ProcessHandle.current().pid() + " on host "));
    assertAllAreWhole(2);
    backups().create(store);
    assertAllAreWhole(3);
  }

  private String refusedChild() {
    try (ChildJvm second =
        ChildJvm.start(Maker.class, url() + "&access=read", directory().toString())) {
      return String.join("\n", second.lines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatAKilledOneHasLeftIsTakenAwayByTheNext() throws Exception {
    prepare();
    try (ChildJvm maker =
        ChildJvm.start(Maker.class, url() + "&access=read", directory().toString())) {
      assertThat(maker.line()).isEqualTo("making");
      maker.kill();
    }
    assertThat(directory()).isDirectoryContaining("glob:**/00002-*.partial");
    assertThat(backups().list()).hasSize(1);

    backups().create(reader());

    assertAllAreWhole(2);
  }

  private static String host() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
  }
}
