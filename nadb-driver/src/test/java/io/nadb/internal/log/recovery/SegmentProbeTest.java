package io.nadb.internal.log.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.segment.HintFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a segment before it is read. */
class SegmentProbeTest {
  private static final int KEYS = 5000;

  @TempDir Path directory;
  private Path segment;

  @BeforeEach
  void fill() throws IOException {
    try (KeyValueStore store =
        NadbDriverManager.open("nadb:fs:" + directory + "?db=app&flush=off&metadata=none")) {
      for (int i = 0; i < KEYS; i++) {
        store.set("key-" + (100_000 + i), new byte[100]);
      }
    }
    List<LogFiles.Found> found = LogFiles.segments(directory.resolve("app").resolve("log"));
    assertThat(found).hasSize(1);
    segment = found.get(0).file();
  }

  @Test
  void aHintSaysHowManyRecordsThereAre() throws IOException {
    assertThat(SegmentProbe.records(segment, SegmentFormat.HEADER_BYTES))
        .isBetween((long) KEYS, KEYS + 10L);
  }

  @Test
  void withoutAHintTheFirstRecordsTellAboutHowManyThereAre() throws IOException {
    Files.delete(HintFile.of(segment));
    assertThat(SegmentProbe.records(segment, SegmentFormat.HEADER_BYTES))
        .isBetween(KEYS * 98L / 100, KEYS * 102L / 100);
  }

  @Test
  void aFileThatHoldsNothingSensibleHasNoRecordsToExpect() throws IOException {
    Path file = directory.resolve("0000000009.seg");
    Files.write(file, new byte[0]);
    assertThat(SegmentProbe.records(file, SegmentFormat.HEADER_BYTES)).isZero();
    Files.write(file, new byte[4096]);
    assertThat(SegmentProbe.records(file, SegmentFormat.HEADER_BYTES)).isZero();
  }

  @Test
  void theContentEndsWhereTheZerosBeginAndAtAMultipleOfEight() throws IOException {
    long end = Files.size(segment);
    for (long room : new long[] {0, 8, 100, 65_536, 200_000}) {
      try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
        file.setLength(end + room);
      }
      long found = SegmentProbe.lengthWithoutRoom(segment, SegmentFormat.HEADER_BYTES, end + room);
      assertThat(found).isBetween(end - 8, end);
      assertThat(found % 8).isZero();
    }
  }

  @Test
  void aSegmentOfZerosAloneEndsAfterItsHeader() throws IOException {
    Path file = directory.resolve("0000000009.seg");
    Files.write(file, new byte[100_000]);
    assertThat(SegmentProbe.lengthWithoutRoom(file, SegmentFormat.HEADER_BYTES, 100_000))
        .isEqualTo(SegmentFormat.HEADER_BYTES);
  }
}
