package io.nadb.internal.log.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.internal.log.format.FaultyContent;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.segment.Segment;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening a log does nothing to it because of a page that can't be read. */
class LateFaultInRecoveryTest {
  @TempDir private Path directory;

  /** Takes nothing. */
  private static final class NoOutput implements StorageIo.Output {

    @Override
    public void write(byte[] bytes, int offset, int length) {
      throw new AssertionError(length + " bytes were written");
    }

    @Override
    public void sync() {}

    @Override
    public void setLength(long length) {}

    @Override
    public void close() {}
  }

  @Test
  void whatCanNotBeReadIsNotWrittenOverTheLog() throws IOException {
    String url = "nadb:fs:" + directory + "?db=app&flush=off&metadata=none&compression=none";
    try (KeyValueStore store = NadbDriverManager.open(url)) {
      store.set("key", new byte[3 * FaultyContent.PAGE]);
    }
    LogFiles.Found found = LogFiles.segments(directory.resolve("app").resolve("log")).get(0);
    byte[] sound = Files.readAllBytes(found.file());
    SegmentHeader header = SegmentHeader.read(found);
    for (int page = 0; page <= sound.length / FaultyContent.PAGE; page++) {
      FaultyContent content = FaultyContent.page(sound, page);
      Segment last = new Segment(1, found.file(), header, content, sound.length);
      assertThatThrownBy(() -> Recovery.writeAgain(last, 0, new NoOutput()))
          .isInstanceOf(InternalError.class);
    }
  }

  @Test
  void whatCanNotBeReadIsNoEmptyFile() {
    byte[] zeros = new byte[2 * FaultyContent.PAGE];
    assertThatThrownBy(() -> EndOfLog.isZero(FaultyContent.page(zeros, 1), zeros.length))
        .isInstanceOf(InternalError.class);
    assertThat(EndOfLog.isZero(FaultyContent.page(zeros, 2), zeros.length)).isTrue();
  }
}
