package io.nadb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a backend's files look like to the next process of a harness. */
class TestDiskTest {
  private final NadbHarness harness = NadbHarness.create();
  private Path file;

  @BeforeEach
  void begin() {
    file = harness.directory().resolve("file");
  }

  @AfterEach
  void close() {
    harness.close();
  }

  private StorageIo disk() {
    return harness.machine().life().disk();
  }

  @Test
  void whatAFailedSyncShouldHaveMadeSureIsGoneAfterAPowerCutWhateverLaterSyncsSaid()
      throws IOException {
    try (StorageIo.Output output = disk().create(file, 0)) {
      disk().syncDirectory(harness.directory());
      output.write(new byte[] {1, 2}, 0, 2);
      output.sync();
      output.write(new byte[] {3, 4}, 0, 2);
      harness.faults().on(Operation.SYNC).fail(new IOException("bad sector"));
      assertThatThrownBy(output::sync).hasMessage("bad sector");
      output.sync();
    }
    harness.crash(Crash.POWER_CUT);

    assertThat(Files.readAllBytes(file)).containsExactly(1, 2);
  }

  @Test
  void theNameOfADirectoryIsGoneAfterAPowerCutUntilItsParentWasSynced() throws IOException {
    Path sure = harness.directory().resolve("sure");
    Path unsure = harness.directory().resolve("unsure");
    disk().createDirectory(sure);
    disk().syncDirectory(harness.directory());
    disk().createDirectory(unsure);
    harness.crash(Crash.POWER_CUT);

    assertThat(sure).isDirectory();
    assertThat(unsure).doesNotExist();
  }

  @Test
  void whatAKilledProcessHadNotSyncedIsLostByAPowerCutInTheNext() throws IOException {
    try (StorageIo.Output output = disk().create(file, 0)) {
      disk().syncDirectory(harness.directory());
      output.write(new byte[] {1, 2}, 0, 2);
    }
    harness.crash(Crash.PROCESS_KILL);
    assertThat(Files.readAllBytes(file)).containsExactly(1, 2);
    harness.restart();
    harness.crash(Crash.POWER_CUT);

    assertThat(file).isEmptyFile();
  }

  @Test
  void derivedFilesHaveMomentsOfTheirOwnThatFollowFromTheSeed() throws IOException {
    boolean kept = false;
    boolean lost = false;
    for (long seed = 0; seed < 20; seed++) {
      int one = bytesOfAHintAfterAPowerCut(seed);
      assertThat(bytesOfAHintAfterAPowerCut(seed)).isEqualTo(one);
      kept |= one == 2;
      lost |= one == 0;
    }
    assertThat(kept).isTrue();
    assertThat(lost).isTrue();
  }

  private static int bytesOfAHintAfterAPowerCut(long seed) throws IOException {
    try (NadbHarness other = NadbHarness.create(HarnessSettings.DEFAULT.withSeed(seed))) {
      Path hint = other.directory().resolve("1.hint");
      StorageIo disk = other.machine().life().disk();
      try (StorageIo.Output output = disk.create(hint, 0)) {
        disk.syncDirectory(other.directory());
        output.write(new byte[] {1, 2}, 0, 2);
      }
      other.crash(Crash.POWER_CUT);
      return Files.readAllBytes(hint).length;
    }
  }
}
