package io.nadb.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.spi.BackendView;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A view that is held while everything that it shows is overwritten and compacted away. */
class HeldViewTest {
  private static final int KEYS = 3000;

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final SimulatedDisk disk = SimulatedDisk.withoutRecord();
  private LogBackend backend;
  private long sequence;

  @BeforeEach
  void open() throws IOException {
    open(Long.MAX_VALUE);
  }

  private void open(long memoryBytes) throws IOException {
    backend =
        LogBackend.open(
            directory, new LogSettings(64 << 10, Codec.NONE, false, memoryBytes), disk, time);
  }

  @AfterEach
  void close() throws IOException {
    backend.close();
  }

  private void set(int round) throws IOException {
    backend.apply(cut(round), true);
  }

  private MapCut cut(int round) {
    Map<String, Write> writes = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      byte[] value = {(byte) round, 1, 2, 3};
      writes.put(
          "key" + i,
          Write.set(++sequence, value, Set.of("round" + round), 0, false, 0, Write.NEVER));
    }
    return new MapCut(sequence, Map.of("default", writes));
  }

  /** Does what there is to do now; returns when there is more. */
  private long maintain() throws IOException {
    long next = StorageBackend.AT_ONCE;
    while (next == StorageBackend.AT_ONCE) {
      next = backend.maintain(StorageBackend.Load.IDLE);
    }
    return next;
  }

  private void touch() throws IOException {
    Map<String, Write> writes = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      long touched = sequence++;
      writes.put(
          "key" + i, Write.touch(sequence, touched, 4, null, Set.of("touched"), 0, true, 0, 77));
    }
    backend.apply(new MapCut(sequence, Map.of("default", writes)), true);
  }

  /** Be the entries touched once more, or set anew, and the segments with the values rewritten. */
  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void itReadsTheValuesOfTouchedEntries(long memoryBytes) throws IOException {
    backend.close();
    open(memoryBytes);
    for (int last = 0; last < 2; last++) {
      set(1);
      touch();
      try (BackendView view = backend.view(sequence)) {
        for (int round = 2; round < 6; round++) {
          if (last == 0) {
            touch();
          } else {
            set(round);
          }
          maintain();
          assertThat(view.tagged("default", Set.of("touched"))).hasSize(KEYS);
          for (int i = 0; i < KEYS; i += 7) {
            assertThat(view.value("default", "key" + i, () -> 76)).containsExactly(1, 1, 2, 3);
            assertThat(view.value("default", "key" + i, () -> 77)).isNull();
          }
        }
      }
    }
    assertThat(backend.stats().compactions()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void itsAnswersStayAndWhatWasKeptForItGoesWhenItIsClosed(long memoryBytes) throws IOException {
    backend.close();
    open(memoryBytes);
    set(1);
    List<StoredEntry> before = new ArrayList<>();
    try (BackendView now = backend.view(sequence)) {
      now.scan("default", "", before::add);
    }
    BackendView view = backend.view(sequence);
    long next = 0;
    for (int round = 2; round < 12; round++) {
      set(round);
      next = maintain(); // Ends: it does not wait for the view by being busy.
    }
    assertThat(backend.stats().compactions()).isPositive();
    assertThat(next)
        .as("it looks again whether the view is closed")
        .isBetween(time.nanoTime(), time.nanoTime() + 5_000_000_000L);

    List<StoredEntry> listed = new ArrayList<>();
    view.scan("default", "", listed::add);
    assertThat(listed).hasSize(KEYS).isEqualTo(before);
    assertThat(view.tagged("default", Set.of("round1"))).isEqualTo(before);
    assertThat(view.tagged("default", Set.of("round11"))).isEmpty();
    for (StoredEntry entry : before) {
      assertThat(view.entry("default", entry.key())).isEqualTo(entry);
      assertThat(view.value("default", entry.key(), () -> 0)).containsExactly(1, 1, 2, 3);
    }

    view.close();
    view.close();
    assertThat(maintain()).as("nothing is left to wait for").isEqualTo(Long.MAX_VALUE);
  }

  /** Who wrote it still has it, and answers for its keys. */
  @Test
  void whatIsTakenBackAfterAFailedSyncDoesNoAnswerHarm() throws IOException {
    set(1);
    MapCut written = cut(2);
    backend.apply(written, false);
    try (BackendView view = backend.view(sequence)) {
      disk.failing(index -> SimulatedDisk.Fault.REFUSED);
      assertThatThrownBy(backend::sync).isInstanceOf(IOException.class);
      disk.heal();
      backend.apply(written, true);
      set(3);

      List<StoredEntry> listed = new ArrayList<>();
      view.scan("default", "", listed::add);
      assertThat(listed).extracting(StoredEntry::sequence).allMatch(each -> each <= 2 * KEYS);
      assertThat(view.tagged("default", Set.of("round3"))).isEmpty();
      assertThat(view.entry("default", "no such key")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aViewThatIsOpenWhenTheStoreIsClosedHarmsNothing(boolean closesFirst) throws IOException {
    set(1);
    BackendView view = backend.view(sequence);
    set(2);
    if (closesFirst) {
      view.close();
    }
    backend.close();
    view.close();
    assertThatThrownBy(() -> backend.view(sequence)).isInstanceOf(IllegalStateException.class);
    open();
    assertThat(backend.value("default", "key1", () -> 0)).containsExactly(2, 1, 2, 3);
  }
}
