package io.nadb.internal.log.format;

import static io.nadb.internal.log.format.SegmentFormat.COMMIT_START_AT;
import static io.nadb.internal.log.format.SegmentFormat.INT;
import static io.nadb.internal.log.format.SegmentFormat.LONG;
import static io.nadb.internal.log.format.SegmentFormat.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.LogBackend;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.spi.BackendView;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageBackend.Load;
import io.nadb.spi.StorageIo;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listings of a store of format version 1, the header of whose segments is shorter. */
class Version1ListingTest {
  private static final LogSettings SETTINGS =
      new LogSettings(1 << 16, Codec.NONE, false, Long.MAX_VALUE);

  @TempDir Path temp;

  /** A record as long as what the header has become longer by would be passed over whole. */
  @Test
  void theFirstRecordOfASegmentIsListed() throws IOException {
    int length = SegmentFormat.HEADER_BYTES - SegmentFormat.HEADER_BYTES_1;
    write(length - SegmentFormat.RECORD_BYTES - "default".length() - "first".length());
    try (LogBackend backend =
        LogBackend.open(temp.resolve("old"), SETTINGS, StorageIo.system(), new VirtualTime())) {
      assertThat(listed(backend)).as("by going through the log").containsExactly("first", "second");
      while (backend.maintain(Load.IDLE) == StorageBackend.AT_ONCE) {}
      assertThat(listed(backend)).as("sorted").containsExactly("first", "second");
    }
  }

  private static List<String> listed(LogBackend backend) throws IOException {
    List<String> keys = new ArrayList<>();
    try (BackendView view = backend.view(Long.MAX_VALUE)) {
      view.scan("default", "", entry -> keys.add(entry.key()));
    }
    return keys;
  }

  /** Writes a store of one cut, and its segment in version 1. */
  private void write(int valueBytes) throws IOException {
    Path store = temp.resolve("new");
    try (StoreRegistry registry = StoreRegistry.create(new VirtualTime());
        KeyValueStore written = registry.open("nadb:fs:" + store + "?flush=off")) {
      written.set("first", new byte[valueBytes]);
      written.set("second", new byte[valueBytes]);
    }
    Path segment = LogFiles.segment(store.resolve("main/log"), 1);
    KeyHasher hasher = SegmentHeader.read(new LogFiles.Found(1, segment)).identity().hasher();
    Path log = Files.createDirectories(temp.resolve("old/log"));
    Files.write(LogFiles.segment(log, 1), version1(Files.readAllBytes(segment), hasher));
  }

  private static byte[] version1(byte[] segment, KeyHasher hasher) {
    int shift = SegmentFormat.HEADER_BYTES - SegmentFormat.HEADER_BYTES_1;
    byte[] bytes = Arrays.copyOfRange(segment, shift, segment.length);
    System.arraycopy(segment, 0, bytes, 0, SegmentFormat.HEADER_LINEAGE_AT);
    Arrays.fill(bytes, SegmentFormat.HEADER_LINEAGE_AT, SegmentFormat.HEADER_BYTES_1, (byte) 0);
    SHORT.set(bytes, SegmentFormat.HEADER_VERSION_AT, (short) 1);
    int crcAt = SegmentFormat.headerCrcAt(1);
    INT.set(bytes, crcAt, SegmentFormat.crc(bytes, 0, crcAt));
    int commit = bytes.length - SegmentFormat.COMMIT_BYTES;
    int length = SegmentFormat.COMMIT_BYTES_1;
    INT.set(bytes, commit + SegmentFormat.LENGTH_AT, length);
    LONG.set(bytes, commit + SegmentFormat.COMMIT_CUT_START_AT, SegmentFormat.HEADER_BYTES_1);
    LONG.set(bytes, commit + COMMIT_START_AT, commit);
    LONG.set(bytes, commit + SegmentFormat.COMMIT_SYNCED_END_AT, SegmentFormat.HEADER_BYTES_1);
    int sealAt = commit + SegmentFormat.commitSealAt(1);
    LONG.set(bytes, sealAt, hasher.seal(bytes, commit + SegmentFormat.KIND_AT, sealAt));
    int crc = SegmentFormat.crc(bytes, commit + SegmentFormat.COVERED_AT, commit + length);
    INT.set(bytes, commit + SegmentFormat.CRC_AT, crc);
    return Arrays.copyOf(bytes, commit + length);
  }
}
