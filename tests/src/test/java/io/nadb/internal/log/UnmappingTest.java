package io.nadb.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.spi.StorageBackend.Load;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.SimulatedDisk;
import io.nadb.testkit.disk.SimulatedDisk.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing stays mapped after a close, whatever was under way, and whatever fails. */
class UnmappingTest {
  private static final Path MAPS = Path.of("/proc/self/maps");

  /** More than compaction leads readers to in one step. */
  private static final int KEYS = 14_000;

  private static final int OVERWRITTEN = 9_000;

  @TempDir Path directory;
  private SimulatedDisk disk;
  private LogBackend backend;
  private long sequence;

  @BeforeEach
  void fillWithGarbage() throws IOException {
    assumeTrue(Files.isReadable(MAPS), "there is no " + MAPS);
    directory = directory.toRealPath();
    disk = new SimulatedDisk(directory);
    backend = open();
    set(KEYS, 0);
    for (int version = 1; version <= 4; version++) {
      set(OVERWRITTEN, version);
    }
  }

  private LogBackend open() throws IOException {
    return LogBackend.open(
        directory,
        new LogSettings(1 << 20, Codec.NONE, false, Long.MAX_VALUE),
        disk,
        new VirtualTime());
  }

  private void set(int keys, int version) throws IOException {
    Map<String, Write> writes = new HashMap<>();
    for (int key = 0; key < keys; key++) {
      byte[] value = {(byte) version};
      writes.put("key" + key, Write.set(++sequence, value, Set.of(), 0, false, 0, Write.NEVER));
    }
    backend.apply(new MapCut(sequence, Map.of("default", writes)), true);
  }

  private void assertNothingIsMapped(String when) throws IOException {
    assertThat(Files.readString(MAPS)).as(when).doesNotContain(directory.resolve("log").toString());
  }

  private void assertContents() throws IOException {
    for (int key = 0; key < KEYS; key++) {
      byte[] expected = {(byte) (key < OVERWRITTEN ? 4 : 0)};
      assertThat(backend.value("default", "key" + key, () -> 0)).isEqualTo(expected);
    }
  }

  @Test
  void afterAnyStepOfACompaction() throws IOException {
    boolean completed = false;
    int steps = 0;
    while (!completed && steps < 100) {
      for (int i = 0; i < steps; i++) {
        backend.maintain(Load.IDLE);
      }
      completed = backend.stats().compactions() > 0;
      backend.close();
      assertNothingIsMapped("after " + steps + " steps");
      backend = open();
      steps++;
    }
    assertThat(steps).isGreaterThan(6);
    assertContents();
    backend.close();
  }

  @Test
  void afterACloseInWhichAnyOneOperationFailsOrAllDo() throws IOException {
    int refused = 0;
    for (int failing = -1; failing < 12; failing++) {
      sequence++;
      backend.apply(
          new MapCut(sequence, Map.of("other", Map.of("key", Write.delete(sequence, 0)))), false);
      backend.maintain(Load.IDLE);
      int from = disk.count();
      int one = from + failing;
      disk.failing(index -> one < from || index == one ? Fault.REFUSED : null);
      try {
        backend.close();
      } catch (IOException e) {
        refused++;
      }
      disk.heal();
      assertNothingIsMapped("operation " + failing + " failed");
      backend = open();
      assertContents();
    }
    assertThat(refused).isPositive();
    backend.close();
  }

  @Test
  void afterAnOpeningThatFailedAtAnyOperation() throws IOException {
    backend.close();
    int failing = 0;
    boolean opened = false;
    while (!opened) {
      int index = disk.count() + failing++;
      disk.failing(operation -> operation == index ? Fault.REFUSED : null);
      try {
        backend = open();
        opened = true;
      } catch (IOException e) {
        assertNothingIsMapped("operation " + failing + " failed");
      }
    }
    assertThat(failing).as("operations of an opening").isGreaterThan(3);
    disk.heal();
    assertContents();
    backend.close();
    assertThatThrownBy(() -> backend.value("default", "key1", () -> 0))
        .isInstanceOf(IllegalStateException.class);
  }
}
