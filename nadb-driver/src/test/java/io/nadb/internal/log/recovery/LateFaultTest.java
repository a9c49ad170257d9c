package io.nadb.internal.log.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.internal.log.format.Content;
import io.nadb.internal.log.format.CutWriter;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.Segment;
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

/**
 * What the JVM tells late: a page that can't be read gives zeros, and the error comes when it is
 * asked for. Nothing may be concluded from the zeros.
 */
class LateFaultTest {
  private static final int PAGE = 4096;
  private static final int VALUE = 700;
  private static final int LARGE = 3 * PAGE;

  @TempDir private Path directory;
  private Path file;
  private byte[] sound;
  private SegmentHeader header;

  /** A file, one page of which can't be read. */
  private final class FaultyContent implements Content {
    private final byte[] seen = sound.clone();
    private final long from;
    private boolean pending;

    FaultyContent(int page) {
      from = (long) page * PAGE;
      Arrays.fill(
          seen,
          Math.min(seen.length, page * PAGE),
          Math.min(seen.length, (page + 1) * PAGE),
          (byte) 0);
    }

    private void touch(long offset, int length) {
      pending |= offset < from + PAGE && offset + length > from;
    }

    @Override
    public void get(long offset, byte[] to, int at, int length) {
      touch(offset, length);
      System.arraycopy(seen, (int) offset, to, at, length);
    }

    @Override
    public byte byteAt(long offset) {
      touch(offset, 1);
      return seen[(int) offset];
    }

    @Override
    public int intAt(long offset) {
      touch(offset, Integer.BYTES);
      return (int) SegmentFormat.INT.get(seen, (int) offset);
    }

    @Override
    public void checkReads() {
      if (pending) {
        pending = false;
        throw new InternalError("a fault occurred");
      }
    }

    @Override
    public void renamed(Path to) {}

    @Override
    public void detach() {}

    @Override
    public void close() {}
  }

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
          store.set("key" + cut + i, new byte[VALUE]);
        }
        store.set("zeros" + cut, new byte[LARGE]);
        byte[] large = new byte[LARGE];
        Arrays.fill(large, (byte) 'v');
        store.set("large" + cut, large);
        store.flush();
      }
    }
    LogFiles.Found found = LogFiles.segments(directory.resolve("app").resolve("log")).get(0);
    file = found.file();
    header = SegmentHeader.read(found);
    sound = Files.readAllBytes(file);
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
      FaultyContent content = new FaultyContent(page);
      assertThatThrownBy(
              () -> scanner(content).check(header.length(), sound.length, true, record -> {}))
          .as("page %d of %d", page, pages())
          .isInstanceOf(InternalError.class);
    }
  }

  @Test
  void whatCanNotBeReadIsNoMissingCut() {
    assertThatThrownBy(() -> scanner(new FaultyContent(0)).hasCut(header.length(), sound.length))
        .isInstanceOf(InternalError.class);
    assertThatThrownBy(() -> scanner(new FaultyContent(pages() - 1)).commitBefore(sound.length))
        .isInstanceOf(InternalError.class);
  }

  @Test
  void whatCanNotBeReadIsNoDamage() {
    for (int page = 0; page < pages(); page++) {
      FaultyContent content = new FaultyContent(page);
      assertThatThrownBy(() -> readAll(content))
          .as("page %d of %d", page, pages())
          .isInstanceOf(InternalError.class);
    }
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
      FaultyContent content = new FaultyContent(page);
      try {
        for (long at = header.length(); at < sound.length; ) {
          at = scanner(content).next(at, sound.length, record -> {});
          assertThat(content.pending).as("pending before offset %d", at).isFalse();
        }
      } catch (InternalError e) {
        assertThat(content.pending).isFalse();
      }
    }
  }

  @Test
  void whatCanNotBeReadIsNotCopied() {
    List<LogRecord> records = new ArrayList<>();
    scanner(new FaultyContent(pages())).check(header.length(), sound.length, true, records::add);
    assertThat(records).hasSize(30);
    for (LogRecord record : records) {
      FaultyContent content = new FaultyContent((int) (record.offset() / PAGE));
      assertThatThrownBy(() -> new CutWriter().copy(new Written(), record, content))
          .isInstanceOf(InternalError.class);
    }
  }

  @Test
  void whatCanNotBeReadIsNotWrittenOverTheLog() {
    for (int page = 0; page < pages(); page++) {
      Segment last = new Segment(1, file, header, new FaultyContent(page), sound.length);
      Written out = new Written();
      assertThatThrownBy(() -> Recovery.writeAgain(last, 0, out)).isInstanceOf(InternalError.class);
      assertThat(out.parts).isEmpty();
    }
  }

  @Test
  void whatCanNotBeReadIsNoEmptyFile() {
    sound = new byte[2 * PAGE];
    assertThatThrownBy(() -> EndOfLog.isZero(new FaultyContent(1), sound.length))
        .isInstanceOf(InternalError.class);
    assertThat(EndOfLog.isZero(new FaultyContent(2), sound.length)).isTrue();
  }
}
