package io.nadb.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.DiskOperation;
import io.nadb.testkit.disk.DiskOperation.Kind;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A log whose last segment is one that compaction wrote: the segment after it had been begun, and
 * the power failed before anything in it counted.
 */
class CompactedEndTest {
  @TempDir Path temp;
  private SimulatedDisk disk;
  private Path directory;
  private long sequence;
  private int images;

  /** How many operations there had been when compaction was done. */
  private int compacted;

  @BeforeEach
  void makeDisk() throws IOException {
    directory = Files.createDirectory(temp.resolve("store"));
    disk = new SimulatedDisk(directory);
  }

  @ParameterizedTest
  @EnumSource(Fate.class)
  void afterAKillAReopeningACompactionAndAPowerCutTheLogGoesOnAndStaysRight(Fate fate)
      throws IOException {
    LogBackend killed = open();
    set(killed, "key", 30_000);
    set(killed, "key", 20_000);
    disk.kill();
    assertThatThrownBy(killed::close).hasMessageContaining("killed");
    disk.restart();

    try (LogBackend backend = open()) {
      disk.failing(
          index -> {
            compactWhileTheFirstCutIsWrittenTo(backend, "0000000002.seg");
            return null;
          });
      set(backend, "other", 40_000);
      assertThat(backend.stats().compactions()).isEqualTo(1);
    }
    loseEverythingButWhatWasDone(compacted, fate);

    LogBackend after = open();
    assertThat(after.value("default", "key", () -> 0)).hasSize(20_000);
    set(after, "late", 10);
    loseEverythingButWhatWasDone(disk.count(), fate);
    after.close();

    try (LogBackend last = open()) {
      assertThat(last.value("default", "key", () -> 0)).hasSize(20_000);
      assertThat(last.value("default", "late", () -> 0)).hasSize(10);
    }
  }

  /** Another thread than the one that writes, or the same: compaction can't tell. */
  private void compactWhileTheFirstCutIsWrittenTo(LogBackend backend, String segment) {
    List<DiskOperation> operations = disk.operations();
    DiskOperation last = operations.get(operations.size() - 1);
    boolean begun =
        String.valueOf(last.path().getFileName()).equals(segment)
            && (last.kind() == Kind.OPEN || last.kind() == Kind.SET_LENGTH);
    if (begun && compacted == 0) {
      disk.heal();
      try {
        while (backend.stats().compactions() == 0) {
          assertThat(backend.maintain(StorageBackend.Load.IDLE)).isEqualTo(StorageBackend.AT_ONCE);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      compacted = disk.count();
    }
  }

  /** Makes an image, and goes on with that. */
  private void loseEverythingButWhatWasDone(int operations, Fate fate) throws IOException {
    CrashImage image = new CrashImage(disk);
    image.advance(disk.operations(), operations);
    Path to = temp.resolve("image" + images++);
    image.write(directory, to, fate, new Random(1));
    directory = to;
    disk = new SimulatedDisk(to);
  }

  private LogBackend open() throws IOException {
    return LogBackend.open(
        directory,
        new LogSettings(64 << 10, Codec.NONE, false, Long.MAX_VALUE),
        disk,
        new VirtualTime());
  }

  private void set(LogBackend backend, String key, int size) throws IOException {
    Write write = Write.set(++sequence, new byte[size], Set.of(), 0, false, 0, Write.NEVER);
    backend.apply(new MapCut(sequence, Map.of("default", Map.of(key, write))), true);
  }
}
