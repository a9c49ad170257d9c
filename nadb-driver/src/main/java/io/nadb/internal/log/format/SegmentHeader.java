package io.nadb.internal.log.format;

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
  private static final int VERSION_AT = 8;
  private static final int GENERATION_AT = 12;
  private static final int ORDINAL_AT = 16;
  private static final int PREVIOUS_END_AT = 24;
  private static final int SECRET_AT = 32;
  private static final int LINEAGE_AT = 48;
  private static final int COVERS_AT = 64;
  private static final int ID_AT = 72;
  private static final int REPLACED_AT = 80;
  private static final int TIME_AT = 88;

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
    SHORT.set(bytes, VERSION_AT, (short) SegmentFormat.VERSION);
    INT.set(bytes, GENERATION_AT, generation);
    LONG.set(bytes, ORDINAL_AT, ordinal);
    LONG.set(bytes, PREVIOUS_END_AT, previousEnd);
    LONG.set(bytes, SECRET_AT, identity.secret0());
    LONG.set(bytes, SECRET_AT + Long.BYTES, identity.secret1());
    LONG.set(bytes, LINEAGE_AT, identity.lineage0());
    LONG.set(bytes, LINEAGE_AT + Long.BYTES, identity.lineage1());
    LONG.set(bytes, COVERS_AT, covers);
    LONG.set(bytes, ID_AT, id);
    LONG.set(bytes, REPLACED_AT, replaced);
    LONG.set(bytes, TIME_AT, time);
    int crcAt = crcAt(SegmentFormat.VERSION);
    INT.set(bytes, crcAt, SegmentFormat.crc(bytes, 0, crcAt));
    return bytes;
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

  private static SegmentHeader of(Path file, byte[] bytes, long ordinal) {
    int length = bytes.length;
    if (length < SegmentFormat.HEADER_BYTES_1) {
      throw new CorruptStoreException(file, length, "the segment's header is cut off");
    }
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new CorruptStoreException(
          file, 0, "this is no segment of NADB, or its header is damaged,");
    }
    int version = (short) SHORT.get(bytes, VERSION_AT) & 0xffff;
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
    int crc = SegmentFormat.crc(bytes, 0, crcAt(version));
    if (version == 0 || crc != (int) INT.get(bytes, crcAt(version))) {
      throw new CorruptStoreException(file, 0, "the segment's header is damaged");
    }
    SegmentHeader header = version == 1 ? ofVersion1(bytes, crc) : of(bytes);
    if (header.ordinal != ordinal) {
      throw new CorruptStoreException(
          file,
          ORDINAL_AT,
          "the header belongs to segment " + header.ordinal + ": was the file renamed?");
    }
    return header;
  }

  private static SegmentHeader of(byte[] bytes) {
    return new SegmentHeader(
        SegmentFormat.VERSION,
        (long) LONG.get(bytes, ORDINAL_AT),
        (int) INT.get(bytes, GENERATION_AT),
        (long) LONG.get(bytes, PREVIOUS_END_AT),
        new LogIdentity(
            (long) LONG.get(bytes, SECRET_AT),
            (long) LONG.get(bytes, SECRET_AT + Long.BYTES),
            (long) LONG.get(bytes, LINEAGE_AT),
            (long) LONG.get(bytes, LINEAGE_AT + Long.BYTES)),
        (long) LONG.get(bytes, COVERS_AT),
        (long) LONG.get(bytes, ID_AT),
        (long) LONG.get(bytes, REPLACED_AT),
        (long) LONG.get(bytes, TIME_AT));
  }

  /** Version 1 knows neither lineage nor id; its checksum serves for the latter. */
  private static SegmentHeader ofVersion1(byte[] bytes, int crc) {
    long ordinal = (long) LONG.get(bytes, ORDINAL_AT);
    return new SegmentHeader(
        1,
        ordinal,
        (int) INT.get(bytes, GENERATION_AT),
        (long) LONG.get(bytes, PREVIOUS_END_AT),
        new LogIdentity(
            (long) LONG.get(bytes, SECRET_AT),
            (long) LONG.get(bytes, SECRET_AT + Long.BYTES),
            0,
            0),
        ordinal,
        crc & 0xffff_ffffL,
        0,
        0);
  }

  private static int crcAt(int version) {
    return SegmentFormat.headerBytes(version) - Integer.BYTES;
  }
}
