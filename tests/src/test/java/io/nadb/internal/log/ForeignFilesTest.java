package io.nadb.internal.log;

import static io.nadb.internal.log.format.SegmentFormat.HEADER_CRC_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_ORDINAL_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_VERSION_AT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when somebody else's hand, or a newer version of this library, was at the files. */
class ForeignFilesTest {
  private static final byte[] VALUE = "v".repeat(3000).getBytes(UTF_8);

  @TempDir Path folder;
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void aSegmentOfANewerFormatVersionIsRefusedAndLeftAlone() throws IOException {
    writeFiveValues();
    change(segment(1), HEADER_VERSION_AT, (byte) (SegmentFormat.VERSION + 1));
    byte[] before = Files.readAllBytes(segment(1));
    assertThatThrownBy(this::open)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("0000000001.seg has format version " + (SegmentFormat.VERSION + 1))
        .hasMessageContaining("reads up to " + SegmentFormat.VERSION)
        .hasMessageContaining("nothing was changed");
    assertThat(segment(1)).hasBinaryContent(before);
    change(segment(1), HEADER_VERSION_AT, (byte) SegmentFormat.VERSION);
    try (KeyValueStore store = open()) {
      assertThat(store.keys("")).hasSize(5);
    }
  }

  @Test
  void aSegmentOfAnotherStoreIsRefused() throws IOException {
    writeFiveValues();
    Path other = folder.resolve("other");
    try (KeyValueStore store = registry.open("nadb:fs:" + other)) {
      store.set("x", VALUE);
    }
    Files.copy(other.resolve("main/log/0000000001.seg"), segment(2));
    change(segment(2), HEADER_ORDINAL_AT, (byte) 2);
    byte[] header = new byte[SegmentFormat.HEADER_BYTES];
    System.arraycopy(Files.readAllBytes(segment(2)), 0, header, 0, header.length);
    int crc = SegmentFormat.crc(header, 0, HEADER_CRC_AT);
    for (int i = 0; i < 4; i++) {
      change(segment(2), HEADER_CRC_AT + i, (byte) (crc >>> (8 * i)));
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("0000000002.seg")
        .hasMessageContaining("belongs to another store");
  }

  @Test
  void aRenamedSegmentIsRefused() throws IOException {
    writeFiveValues();
    Files.move(segment(1), segment(7));
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("the header belongs to segment 1");
  }

  @Test
  void aFileThatAnotherProgramCutsWhileItIsOpenIsAnErrorAndNoCrashOfTheJvm() throws IOException {
    writeFiveValues();
    try (KeyValueStore store = open()) {
      try (FileChannel file = FileChannel.open(segment(1), StandardOpenOption.WRITE)) {
        file.truncate(SegmentFormat.HEADER_BYTES);
      }
      Throwable thrown = catchThrowable(() -> store.get("key4"));
      assertThat(thrown)
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("another program has cut the file");
      store.set("key4", VALUE);
      store.flush();
      assertThat(store.get("key4")).hasValue(VALUE);
    }
  }

  private void writeFiveValues() {
    try (KeyValueStore store = open()) {
      for (int i = 0; i < 5; i++) {
        store.set("key" + i, VALUE);
      }
    }
  }

  private KeyValueStore open() {
    return registry.open("nadb:fs:" + folder.resolve("data"));
  }

  private Path segment(int ordinal) {
    return LogFiles.segment(folder.resolve("data/main/log"), ordinal);
  }

  private static void change(Path file, int at, byte to) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {to}), at);
    }
  }
}
