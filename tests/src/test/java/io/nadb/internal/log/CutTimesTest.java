package io.nadb.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.TimeSource;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.recovery.SegmentProbe;
import io.nadb.internal.log.segment.MappedFile;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageBackend.Load;
import io.nadb.spi.StorageIo;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log says of a cut beside what is in it. */
class CutTimesTest {
  @TempDir Path directory;
  private final Clock clock = new Clock();
  private LogBackend backend;
  private long sequence;

  /** A clock that a test may also turn back. */
  private static final class Clock implements TimeSource {
    private long millis;

    @Override
    public Instant now() {
      return Instant.ofEpochMilli(millis);
    }

    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public Alarm newAlarm(String owner) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean await(CompletableFuture<?> done, Duration timeout) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void open() throws IOException {
    backend =
        LogBackend.open(
            directory, GoldenStore.SETTINGS, StorageIo.system(), clock, new Random(sequence));
  }

  @AfterEach
  void close() throws IOException {
    backend.close();
  }

  private void reopen() throws IOException {
    close();
    open();
  }

  private void set(String key, int length, long millis) throws IOException {
    clock.millis = millis;
    apply(
        key, Write.set(++sequence, new byte[length], Set.of(), millis, false, millis, Write.NEVER));
  }

  private void apply(String key, Write write) throws IOException {
    Map<String, Write> writes = new HashMap<>();
    writes.put(key, write);
    backend.apply(new MapCut(sequence, Map.of("default", writes)), true);
  }

  /** Reads the log, item by item: the times of its cuts, and the kinds of its records. */
  private void read(List<Long> times, List<Integer> kinds) throws IOException {
    for (LogFiles.Found found : LogFiles.segments(directory.resolve("log"))) {
      SegmentHeader header = SegmentHeader.read(found);
      long end =
          SegmentProbe.lengthWithoutRoom(found.file(), header.length(), Files.size(found.file()));
      MappedFile content = MappedFile.map(found.file(), end);
      SegmentScanner scanner =
          new SegmentScanner(found.file(), content, header.identity().hasher(), header.version());
      if (header.time() > 0) {
        times.add(header.time());
      }
      for (long at = header.length(); at < end; ) {
        at =
            scanner.next(
                at,
                end,
                new SegmentScanner.Visitor<RuntimeException>() {
                  @Override
                  public void visit(LogRecord record) {
                    kinds.add(content.byteAt(record.offset() + SegmentFormat.KIND_AT) & 0xff);
                  }

                  @Override
                  public void close(SegmentScanner.Commit commit) {
                    times.add(commit.time());
                  }
                });
      }
      content.close();
    }
  }

  private List<Long> times() throws IOException {
    List<Long> times = new ArrayList<>();
    read(times, new ArrayList<>());
    return times;
  }

  @Test
  void theTimeOfACutIsThatOfTheClock() throws IOException {
    set("a", 1, 1000);
    set("b", 1, 2000);
    reopen();
    set("c", 1, 3000);
    assertThat(times()).containsExactly(1000L, 2000L, 3000L);
  }

  @Test
  void whenTheClockGoesBackTheTimesOfCutsStandStillOverReopeningToo() throws IOException {
    set("a", 1, 5000);
    set("b", 1, 1000);
    reopen();
    set("c", 1, 2000);
    set("d", 1, 6000);
    assertThat(times()).containsExactly(5000L, 5000L, 5000L, 6000L);
  }

  @Test
  void theyDoNotGoBackAcrossSegmentsThatWereCompactedNorAfterOneWithoutACut() throws IOException {
    set("big", 1500, 9000);
    for (int i = 0; i < 6; i++) {
      set("big", 1500, 1000 + i);
    }
    while (backend.maintain(Load.IDLE) == StorageBackend.AT_ONCE) {}
    assertThat(backend.stats().compactions()).isPositive();
    reopen();
    set("last", 1, 10);
    assertThat(times()).isNotEmpty().allMatch(time -> time == 9000);
    set("later", 1, 9500);
    reopen();
    set("last", 1, 20);
    assertThat(times()).isSorted().endsWith(9500L, 9500L);
  }

  @Test
  void aDeletionSaysWhetherItIsAnExpiry() throws IOException {
    set("a", 1, 1);
    set("b", 1, 1);
    apply("a", Write.delete(++sequence, 1));
    apply("b", Write.expiry(++sequence, 1));
    List<Integer> kinds = new ArrayList<>();
    read(new ArrayList<>(), kinds);
    assertThat(kinds).containsExactly(1, 1, 2, 2 + 128);
    assertThat(backend.value("default", "b", () -> 0)).isNull();
  }
}
