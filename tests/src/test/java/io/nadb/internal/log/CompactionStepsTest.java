package io.nadb.internal.log;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.spi.BackendStats;
import io.nadb.spi.CompactionRequest;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageBackend.Load;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.DiskOperation;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compaction does little at a time, and whatever is due in between comes in between. */
class CompactionStepsTest {
  private static final int KEYS = 40_000;
  private static final int SEGMENT_BYTES = 16 << 20;

  /**
   * A step copies a megabyte or so; the writer's buffer may hold some more from the step before.
   */
  private static final int MAX_WRITTEN = (1 << 20) + (512 << 10);

  /** Two megabytes may wait for a sync, and a step more. */
  private static final int MAX_UNSYNCED = (2 << 20) + MAX_WRITTEN;

  @TempDir Path directory;
  private SimulatedDisk disk;
  private LogBackend backend;
  private long sequence;

  @BeforeEach
  void fillWithGarbage() throws IOException {
    disk = new SimulatedDisk(directory);
    backend = open();
    set(0, KEYS, 0);
    for (int version = 1; version <= 2; version++) {
      set(0, KEYS / 2, version); // All segments but the last keep some that is current.
    }
  }

  @AfterEach
  void close() throws IOException {
    backend.close();
  }

  private void set(int from, int to, int version) throws IOException {
    Map<String, Write> writes = new HashMap<>();
    for (int key = from; key < to; key++) {
      writes.put(
          "key" + key,
          Write.set(++sequence, value(key, version), Set.of(), 0, false, 0, Write.NEVER));
      if (writes.size() == 5000 || key + 1 == to) {
        backend.apply(new MapCut(sequence, Map.of("default", writes)), true);
        writes = new HashMap<>();
      }
    }
  }

  private static byte[] value(int key, int version) {
    return utf8(("value " + key + " in version " + version + " ").repeat(10));
  }

  /** What has been written since the operation {@code from}, and not synced after. */
  private static long unsynced(List<DiskOperation> operations, int from) {
    long bytes = 0;
    for (DiskOperation operation : operations.subList(from, operations.size())) {
      if (operation.path().toString().endsWith(".compact")) {
        switch (operation.kind()) {
          case WRITE -> bytes += operation.bytes().length;
          case SYNC -> bytes = 0;
          default -> {}
        }
      }
    }
    return bytes;
  }

  @Test
  void noStepWritesMuchOrLeavesMuchToOneSync() throws IOException {
    int start = disk.count();
    int steps = 0;
    boolean more = true;
    while (more) {
      int before = disk.operations().size();
      more = backend.maintain(Load.IDLE) == StorageBackend.AT_ONCE;
      List<DiskOperation> operations = disk.operations();
      long written =
          operations.subList(before, operations.size()).stream()
              .filter(operation -> operation.path().toString().endsWith(".compact"))
              .mapToLong(operation -> operation.bytes().length)
              .sum();
      assertThat(written).as("written in one step").isLessThanOrEqualTo(MAX_WRITTEN);
      assertThat(unsynced(operations, 0)).as("left to a sync").isLessThanOrEqualTo(MAX_UNSYNCED);
      steps++;
    }
    assertThat(disk.count()).isGreaterThan(start);
    assertThat(backend.stats().compactions()).isPositive();
    assertThat(steps).isGreaterThan(10);
    assertContents(Map.of());

    BackendStats booked = backend.stats();
    reopen();
    assertThat(backend.stats().liveBytes()).isEqualTo(booked.liveBytes());
  }

  @Test
  void aFlushBetweenAnyTwoStepsGoesThroughAndWins() throws IOException {
    Map<Integer, Integer> versions = new HashMap<>();
    int step = 0;
    while (backend.maintain(Load.IDLE) == StorageBackend.AT_ONCE && step < 500) {
      int key = step * 29 % KEYS;
      set(key, key + 1, 100 + step);
      versions.put(key, 100 + step);
      assertThat(backend.value("default", "key" + key, () -> 0)).isEqualTo(value(key, 100 + step));
      step++;
    }
    assertThat(backend.stats().compactions()).isPositive();
    assertThat(step).isGreaterThan(10);
    assertContents(versions);

    reopen();
    assertContents(versions);
  }

  @Test
  void whatIsWrittenWhileItIsDoneOnDemandIsKeptAndNotWaitedFor()
      throws IOException, InterruptedException {
    finishWhatIsWorthwhile();
    Map<Integer, Integer> versions = new HashMap<>();
    set(0, 2000, 50);
    long bytes = backend.stats().totalBytes();
    try (CompactionRequest request = backend.compact()) {
      int step = 0;
      while (backend.maintain(step % 3 == 0 ? Load.BUSY : Load.IDLE) == StorageBackend.AT_ONCE) {
        int key = 2000 + step * 29;
        set(key, key + 1, 100 + step);
        versions.put(key, 100 + step);
        step++;
      }
      assertThat(request.await()).isTrue();
      assertThat(step).isBetween(5, 1000);
      assertThat(request.figures().rewritten()).isPositive();
      assertThat(request.figures().bytesAfter()).isLessThan(bytes);
    }
    for (int key = 0; key < 2000; key++) {
      versions.put(key, 50);
    }
    assertContents(versions);

    reopen();
    assertContents(versions);
  }

  @Test
  void whatWasGivenUpIsRewrittenNoFurtherThanTheRunThatIsUnderWay() throws IOException {
    backend.close();
    backend = open(Files.createDirectory(directory.resolve("several")), 1 << 20);
    sequence = 0;
    set(0, KEYS, 0);
    for (int key = 0; key < KEYS; key += 40) { // Some garbage in every segment.
      set(key, key + 1, 50);
    }
    long before = backend.stats().compactions();
    CompactionRequest request = backend.compact();
    while (backend.stats().compactions() == before) {
      assertThat(backend.maintain(Load.IDLE)).isEqualTo(StorageBackend.AT_ONCE);
    }
    request.close();
    finishWhatIsWorthwhile();

    assertThat(backend.stats().compactions()).isEqualTo(before + 1);
    try (CompactionRequest again = backend.compact()) {
      finishWhatIsWorthwhile();
      assertThat(again.figures().rewritten()).as("there was more to do").isPositive();
    }
  }

  private void finishWhatIsWorthwhile() throws IOException {
    boolean more = true;
    while (more) {
      more = backend.maintain(Load.IDLE) == StorageBackend.AT_ONCE;
    }
  }

  private void reopen() throws IOException {
    backend.close();
    backend = open();
  }

  private LogBackend open() throws IOException {
    return open(directory, SEGMENT_BYTES);
  }

  private LogBackend open(Path at, int segmentBytes) throws IOException {
    return LogBackend.open(
        at,
        new LogSettings(segmentBytes, Codec.NONE, false, Long.MAX_VALUE),
        disk,
        new VirtualTime());
  }

  private void assertContents(Map<Integer, Integer> versions) throws IOException {
    for (int key = 0; key < KEYS; key++) {
      int version = versions.getOrDefault(key, key < KEYS / 2 ? 2 : 0);
      assertThat(backend.value("default", "key" + key, () -> 0)).isEqualTo(value(key, version));
    }
    assertThat(backend.stats().keys()).isEqualTo(KEYS);
  }
}
