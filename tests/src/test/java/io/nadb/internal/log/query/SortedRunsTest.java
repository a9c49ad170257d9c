package io.nadb.internal.log.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.index.PositionList;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.ContentSource;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.StorageIo;
import io.nadb.spi.Write;
import io.nadb.testing.InMemory;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedRunsTest {
  @TempDir(factory = InMemory.class)
  Path directory;

  private SegmentSet state;
  private ActiveSegment log;
  private long sequence;

  @BeforeEach
  void open() throws IOException {
    StorageIo disk = StorageIo.system();
    Recovery.Recovered recovered =
        Recovery.open(directory, disk, new ContentSource(Long.MAX_VALUE), new Random(1));
    state = recovered.state();
    LogSettings settings = new LogSettings(64 << 20, Codec.NONE, false, Long.MAX_VALUE);
    log =
        new ActiveSegment(
            state, disk, new VirtualTime(), settings, new Queries(state), recovered.end());
  }

  @AfterEach
  void close() throws IOException {
    log.close();
    state.segments().forEach(segment -> segment.content().close());
    state.retirement().drain();
  }

  /** Writes keys with these numbers; returns where their records are. */
  private PositionList write(IntStream numbers) throws IOException {
    Map<String, Write> writes = new HashMap<>();
    numbers.forEach(
        i ->
            writes.put(
                Integer.toString(i, 36),
                Write.set(++sequence, new byte[0], Set.of(), 0, true, 0, Write.NEVER)));
    log.append(new MapCut(sequence, Map.of("default", writes)), true);
    PositionList written = new PositionList();
    writes.keySet().forEach(key -> written.add(find(key)));
    return written;
  }

  private long find(String key) {
    SegmentSet.Namespace namespace = state.namespace("default");
    return state.index().find(namespace.fingerprint(key.getBytes(UTF_8)));
  }

  private void assertSorted(List<long[]> runs) {
    RecordReader reader = new RecordReader(state);
    for (long[] run : runs) {
      LogRecord before = null;
      for (long position : run) {
        LogRecord record = Objects.requireNonNull(reader.at(position)).record();
        if (before != null && before.compareKey(record) >= 0) {
          throw new AssertionError(before.toEntry() + " is before " + record.toEntry());
        }
        before = record;
      }
    }
  }

  @Test
  void manySmallAdditionsMakeFewRunsWithoutOutdatedPositions() throws IOException {
    SortedRuns runs = new SortedRuns(state);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      runs.add(new RecordReader(state), write(random.ints(50, 0, 2000)));
      int[] lengths = runs.current().stream().mapToInt(run -> run.length).toArray();
      for (int j = 1; j < lengths.length; j++) {
        assertThat(lengths[j] * 2)
            .as("of %s", Arrays.toString(lengths))
            .isLessThanOrEqualTo(lengths[j - 1]);
      }
    }
    assertSorted(runs.current());
    long keys = state.index().size();
    assertThat(runs.current().stream().mapToLong(run -> run.length).sum())
        .isBetween(keys, keys * 2);
  }

  @Test
  void moreKeysThanAreSortedAtOnceMakeRunsThatAreSortedEach() throws IOException {
    int keys = KeySorter.MAX_KEYS + 1000;
    SortedRuns runs = new SortedRuns(state);
    runs.add(new RecordReader(state), write(IntStream.range(0, keys)));

    assertThat(runs.current()).extracting(run -> run.length).containsExactly(1 << 20, 1000);
    assertSorted(runs.current());
  }
}
