package io.nadb.internal.log.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is concluded from what a page that can't be read has left. */
class LateFaultTest {
  private static final int PAGE = FaultyContent.PAGE;
  private static final int VALUE = 700;
  private static final int RECORDS_OF_CUT = 10;
  private static final int LARGE = 3 * PAGE;

  @TempDir private Path directory;
  private Path file;
  private byte[] sound;
  private SegmentHeader header;

  /** Takes what is written, for a test to look at. */
  private static final class Written implements StorageIo.Output {
    private final List<byte[]> parts = new ArrayList<>();

    @Override
    public void write(byte[] bytes, int offset, int length) {
      parts.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public void sync() {}

    @Override
    public void setLength(long length) {}

    @Override
    public void close() {}
  }

  /** Values of zeros look alike, whether they could be read or not. */
  @BeforeEach
  void write() throws IOException {
    String url = "nadb:fs:" + directory + "?db=app&flush=off&metadata=none&compression=none";
    try (KeyValueStore store = NadbDriverManager.open(url)) {
      for (int cut = 0; cut < 3; cut++) {
        for (int i = 0; i < 8; i++) {
          store.set("key" + cut + i, filled(VALUE));
        }
        store.set("zeros" + cut, new byte[LARGE]);
        store.set("large" + cut, filled(LARGE));
        store.flush();
      }
    }
    LogFiles.Found found = LogFiles.segments(directory.resolve("app").resolve("log")).get(0);
    file = found.file();
    header = SegmentHeader.read(found);
    sound = Files.readAllBytes(file);
  }

  private static byte[] filled(int length) {
    byte[] value = new byte[length];
    Arrays.fill(value, (byte) 'v');
    return value;
  }

  private int pages() {
    return (sound.length + PAGE - 1) / PAGE;
  }

  private SegmentScanner scanner(Content content) {
    return new SegmentScanner(file, content, header.identity().hasher(), header.version());
  }

  @Test
  void whatCanNotBeReadIsNoTornEndOfTheLog() {
    for (int page = 0; page < pages(); page++) {
      FaultyContent content = FaultyContent.page(sound, page);
      assertThatThrownBy(
              () -> scanner(content).check(header.length(), sound.length, true, record -> {}))
          .as("page %d of %d", page, pages())
          .isInstanceOf(InternalError.class);
    }
  }

  @Test
  void whatCanNotBeReadIsNoMissingCut() {
    assertThatThrownBy(
            () -> scanner(FaultyContent.page(sound, 0)).hasCut(header.length(), sound.length))
        .isInstanceOf(InternalError.class);
    assertThatThrownBy(
            () -> scanner(FaultyContent.page(sound, pages() - 1)).commitBefore(sound.length))
        .isInstanceOf(InternalError.class);
  }

  @Test
  void whatCanNotBeReadIsNoDamage() {
    for (int page = 0; page < pages(); page++) {
      FaultyContent content = FaultyContent.page(sound, page);
      assertThatThrownBy(() -> readAll(content))
          .as("page %d of %d", page, pages())
          .isInstanceOf(InternalError.class);
    }
  }

  @Test
  void whatCanNotBeReadInTheMiddleOfACommitIsNoDamage() {
    long commit = records().get(RECORDS_OF_CUT - 1).end();
    FaultyContent content = new FaultyContent(sound, commit + SegmentFormat.COMMIT_START_AT);
    assertThatThrownBy(() -> scanner(content).next(commit, sound.length, record -> {}))
        .isInstanceOf(InternalError.class);
  }

  @Test
  void aTornEndIsOneOnlyIfAllThatFollowsCanBeRead() {
    LogRecord first = records().get(2 * RECORDS_OF_CUT); // of the last cut
    sound[(int) first.offset() + SegmentFormat.COVERED_AT] ^= 1;
    FaultyContent content = FaultyContent.page(sound, pages() - 1);
    assertThatThrownBy(
            () -> scanner(content).check(header.length(), sound.length, true, record -> {}))
        .isInstanceOf(InternalError.class);
  }

  @Test
  void whatCanNotBeReadIsNoUnsoundRecord() {
    for (LogRecord record : records()) {
      long from = record.end() - SegmentFormat.RECORD_BYTES;
      FaultyContent content = new FaultyContent(sound, from);
      assertThatThrownBy(() -> isSound(record, content)).isInstanceOf(InternalError.class);
    }
  }

  private boolean isSound(LogRecord record, Content content) {
    LogRecord read = LogRecord.read(file, content, record.offset(), sound.length, record.length());
    return read != null && read.isSound(content);
  }

  /** The records that the file has. */
  private List<LogRecord> records() {
    List<LogRecord> records = new ArrayList<>();
    scanner(FaultyContent.whole(sound)).check(header.length(), sound.length, true, records::add);
    assertThat(records).hasSize(3 * RECORDS_OF_CUT);
    return records;
  }

  private void readAll(Content content) throws IOException {
    SegmentScanner scanner = scanner(content);
    for (long at = header.length(); at < sound.length; ) {
      at = scanner.next(at, sound.length, record -> record.value(content));
    }
  }

  @Test
  void whatIsReadBesideAHeadIsToldAtOnceAndNotToSomebodyElse() {
    for (int page = 1; page < pages(); page++) {
      FaultyContent content = FaultyContent.page(sound, page);
      try {
        for (long at = header.length(); at < sound.length; ) {
          at = scanner(content).next(at, sound.length, record -> {});
          assertThat(content.isPending()).as("pending before offset %d", at).isFalse();
        }
      } catch (InternalError e) {
        assertThat(content.isPending()).isFalse();
      }
    }
  }

  @Test
  void whatCanNotBeReadIsNotCopied() {
    for (LogRecord record : records()) {
      FaultyContent content = FaultyContent.page(sound, (int) (record.offset() / PAGE));
      assertThatThrownBy(() -> new CutWriter().copy(new Written(), record, content))
          .isInstanceOf(InternalError.class);
    }
  }
}
