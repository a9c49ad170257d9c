package io.nadb.internal.log.format;

import static io.nadb.internal.log.format.SegmentFormat.HEADER_COVERS_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_GENERATION_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_ID_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_LINEAGE_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_ORDINAL_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_PREVIOUS_END_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_REPLACED_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_SECRET_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_TIME_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_VERSION_AT;
import static io.nadb.internal.log.format.SegmentFormat.INT;
import static io.nadb.internal.log.format.SegmentFormat.LONG;
import static io.nadb.internal.log.format.SegmentFormat.SHORT;

import io.nadb.CorruptStoreException;
import io.nadb.NadbException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A segment's header: {@link SegmentFormat} has the drawing.
 *
 * @param version the format's, of all that follows in the file
 * @param covers the last ordinal whose outcome the segment holds
 * @param id the file's own
 * @param replaced the id of the file whose place it took; 0: none
 * @param time the time of the last cut before it
 */
public record SegmentHeader(
    int version,
    long ordinal,
    int generation,
    long previousEnd,
    LogIdentity identity,
    long covers,
    long id,
    long replaced,
    long time) {
  private static final byte[] MAGIC = {'N', 'A', 'D', 'B', 'L', 'O', 'G', '\n'};

  /** How long the header is: there the first cut begins. */
  public int length() {
    return SegmentFormat.headerBytes(version);
  }

  /** As this one, covering more; version 1 does not know how far. */
  public SegmentHeader covering(long ordinalCovered) {
    return new SegmentHeader(
        version, ordinal, generation, previousEnd, identity, ordinalCovered, id, replaced, time);
  }

  /** Whether compaction has written the segment. */
  public boolean isCompacted() {
    return generation > 0;
  }

  /** Writes it down, in the version of now. */
  public byte[] toBytes() {
    byte[] bytes = new byte[SegmentFormat.HEADER_BYTES];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    SHORT.set(bytes, HEADER_VERSION_AT, (short) SegmentFormat.VERSION);
    INT.set(bytes, HEADER_GENERATION_AT, generation);
    LONG.set(bytes, HEADER_ORDINAL_AT, ordinal);
    LONG.set(bytes, HEADER_PREVIOUS_END_AT, previousEnd);
    LONG.set(bytes, HEADER_SECRET_AT, identity.secret0());
    LONG.set(bytes, HEADER_SECRET_AT + Long.BYTES, identity.secret1());
    LONG.set(bytes, HEADER_LINEAGE_AT, identity.lineage0());
    LONG.set(bytes, HEADER_LINEAGE_AT + Long.BYTES, identity.lineage1());
    LONG.set(bytes, HEADER_COVERS_AT, covers);
    LONG.set(bytes, HEADER_ID_AT, id);
    LONG.set(bytes, HEADER_REPLACED_AT, replaced);
    LONG.set(bytes, HEADER_TIME_AT, time);
    INT.set(
        bytes,
        SegmentFormat.HEADER_CRC_AT,
        SegmentFormat.crc(bytes, 0, SegmentFormat.HEADER_CRC_AT));
    return bytes;
  }

  /** Writes another lineage into a header as it stands in a file, of whatever version. */
  public static void renewLineage(byte[] bytes, LogIdentity identity) {
    int version = (short) SHORT.get(bytes, HEADER_VERSION_AT) & 0xffff;
    if (version > 1) { // Version 1 knows none.
      LONG.set(bytes, HEADER_LINEAGE_AT, identity.lineage0());
      LONG.set(bytes, HEADER_LINEAGE_AT + Long.BYTES, identity.lineage1());
      int crcAt = SegmentFormat.headerCrcAt(version);
      INT.set(bytes, crcAt, SegmentFormat.crc(bytes, 0, crcAt));
    }
  }

  /**
   * Reads the header of a file.
   *
   * @throws CorruptStoreException if it is damaged, or of another segment than the file's name says
   * @throws NadbException if it is of another version
   */
  public static SegmentHeader read(LogFiles.Found found) throws IOException {
    byte[] bytes = new byte[SegmentFormat.HEADER_BYTES];
    try (RandomAccessFile file = new RandomAccessFile(found.file().toFile(), "r")) {
      int count = 0;
      for (int read = 0; read >= 0 && count < bytes.length; count += Math.max(0, read)) {
        read = file.read(bytes, count, bytes.length - count);
      }
      return of(found.file(), Arrays.copyOf(bytes, count), found.ordinal());
    }
  }

  /** Reads the header of a file that is open. */
  public static SegmentHeader of(LogFiles.Found found, Content content, long length) {
    byte[] bytes = new byte[(int) Math.min(SegmentFormat.HEADER_BYTES, length)];
    content.get(0, bytes, 0, bytes.length);
    content.checkReads();
    return of(found.file(), bytes, found.ordinal());
  }

  private static SegmentHeader of(Path file, byte[] bytes, long ordinal) {
    int length = bytes.length;
    if (length < SegmentFormat.HEADER_BYTES_1) {
      throw new CorruptStoreException(file, length, "the segment's header is cut off");
    }
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new CorruptStoreException(
          file, 0, "this is no segment of NADB, or its header is damaged");
    }
    int version = (short) SHORT.get(bytes, HEADER_VERSION_AT) & 0xffff;
    if (version > SegmentFormat.VERSION) {
      throw new NadbException(
          file
              + " has format version "
              + version
              + "; this version of NADB reads up to "
              + SegmentFormat.VERSION
              + "; nothing was changed; open it with a newer version");
    }
    if (length < SegmentFormat.headerBytes(version)) {
      throw new CorruptStoreException(file, length, "the segment's header is cut off");
    }
    int crcAt = SegmentFormat.headerCrcAt(version);
    int crc = SegmentFormat.crc(bytes, 0, crcAt);
    if (version == 0 || crc != (int) INT.get(bytes, crcAt)) {
      throw new CorruptStoreException(file, 0, "the segment's header is damaged");
    }
    SegmentHeader header = version == 1 ? ofVersion1(bytes, crc) : of(bytes, version);
    if (header.ordinal != ordinal) {
      throw new CorruptStoreException(
          file,
          HEADER_ORDINAL_AT,
          "the header belongs to segment " + header.ordinal + ": was the file renamed?");
    }
    return header;
  }

  private static SegmentHeader of(byte[] bytes, int version) {
    return new SegmentHeader(
        version,
        (long) LONG.get(bytes, HEADER_ORDINAL_AT),
        (int) INT.get(bytes, HEADER_GENERATION_AT),
        (long) LONG.get(bytes, HEADER_PREVIOUS_END_AT),
        new LogIdentity(
            (long) LONG.get(bytes, HEADER_SECRET_AT),
            (long) LONG.get(bytes, HEADER_SECRET_AT + Long.BYTES),
            (long) LONG.get(bytes, HEADER_LINEAGE_AT),
            (long) LONG.get(bytes, HEADER_LINEAGE_AT + Long.BYTES)),
        (long) LONG.get(bytes, HEADER_COVERS_AT),
        (long) LONG.get(bytes, HEADER_ID_AT),
        (long) LONG.get(bytes, HEADER_REPLACED_AT),
        (long) LONG.get(bytes, HEADER_TIME_AT));
  }

  /** Version 1 knows neither lineage nor id; its checksum serves for the latter. */
  private static SegmentHeader ofVersion1(byte[] bytes, int crc) {
    long ordinal = (long) LONG.get(bytes, HEADER_ORDINAL_AT);
    return new SegmentHeader(
        1,
        ordinal,
        (int) INT.get(bytes, HEADER_GENERATION_AT),
        (long) LONG.get(bytes, HEADER_PREVIOUS_END_AT),
        new LogIdentity(
            (long) LONG.get(bytes, HEADER_SECRET_AT),
            (long) LONG.get(bytes, HEADER_SECRET_AT + Long.BYTES),
            0,
            0),
        ordinal,
        crc & 0xffff_ffffL,
        0,
        0);
  }
}
