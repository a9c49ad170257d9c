package io.nadb.internal.log.segment;

import static io.nadb.internal.log.format.SegmentFormat.INT;
import static io.nadb.internal.log.format.SegmentFormat.LONG;
import static io.nadb.internal.log.format.SegmentFormat.SHORT;

import io.nadb.CorruptStoreException;
import io.nadb.NadbException;
import io.nadb.internal.log.format.Content;
import io.nadb.internal.log.format.LogIdentity;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.spi.StorageIo;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of a log's segments, {@code log/nadb.lineage}; version 1, little-endian:
 *
 * <pre>
 * header, 48 bytes
 *   0  "NADBLIN\n"   8  u16 version   12  u32 number of entries
 *  16  16 bytes                  the log's secret
 *  32  16 bytes                  the log's lineage
 *
 * entry, 40 bytes, one for each segment, by ordinal
 *   0  u64                       ordinal
 *   8  u64                       the last ordinal whose outcome the segment holds
 *  16  u64                       the file's id; of format version 1: the CRC32C of its header
 *  24  u64                       where its content ends; 0: as the next segment's header says
 *  32  u32                       generation
 *  36  u16                       format version of the segment
 *
 * end, 8 bytes
 *   0  u32 0   4  u32            CRC32C of all before
 * </pre>
 *
 * <p>It is replaced whole: written under another name, synced, renamed.
 */
public final class WitnessFile {
  private static final String NAME = "nadb.lineage";
  private static final byte[] MAGIC = {'N', 'A', 'D', 'B', 'L', 'I', 'N', '\n'};
  private static final int VERSION = 1;

  // The header.
  private static final int HEADER_BYTES = 48;
  public static final int VERSION_AT = 8;
  private static final int COUNT_AT = 12;
  private static final int SECRET_AT = 16;
  private static final int LINEAGE_AT = 32;

  // An entry.
  private static final int ENTRY_BYTES = 40;
  private static final int ORDINAL_AT = 0;
  private static final int COVERS_AT = 8;
  private static final int ID_AT = 16;
  private static final int END_AT = 24;
  private static final int GENERATION_AT = 32;
  private static final int SEGMENT_VERSION_AT = 36;

  // The end.
  private static final int END_BYTES = 8;
  private static final int CRC_FROM_END = 4;

  private WitnessFile() {}

  /** What the file says. */
  public record Content(LogIdentity identity, List<Witness.Entry> entries) {

    public boolean lists(long ordinal) {
      return entries.stream().anyMatch(entry -> entry.ordinal() == ordinal);
    }

    /**
     * Whether the log has gone on since it got this list; else the list is that of a new log, or
     * was left by a conversion from format version 1 that did not get far.
     */
    public boolean isInUse() {
      return entries.stream().anyMatch(entry -> entry.version() > 1);
    }
  }

  public static Path of(Path directory) {
    return directory.resolve(NAME);
  }

  /** The name under which a new list is written. */
  static Path temporary(Path directory) {
    return directory.resolve(NAME + ".new");
  }

  public static void write(
      Path directory, StorageIo io, LogIdentity identity, Collection<Witness.Entry> entries)
      throws IOException {
    byte[] bytes = toBytes(identity, entries);
    Path temporary = temporary(directory);
    io.delete(temporary);
    try (StorageIo.Output out = io.create(temporary, 0)) {
      out.write(bytes, 0, bytes.length);
      out.sync();
    }
    io.rename(temporary, of(directory));
    io.syncDirectory(directory);
  }

  private static byte[] toBytes(LogIdentity identity, Collection<Witness.Entry> entries) {
    byte[] bytes = new byte[HEADER_BYTES + entries.size() * ENTRY_BYTES + END_BYTES];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    SHORT.set(bytes, VERSION_AT, (short) VERSION);
    INT.set(bytes, COUNT_AT, entries.size());
    LONG.set(bytes, SECRET_AT, identity.secret0());
    LONG.set(bytes, SECRET_AT + Long.BYTES, identity.secret1());
    LONG.set(bytes, LINEAGE_AT, identity.lineage0());
    LONG.set(bytes, LINEAGE_AT + Long.BYTES, identity.lineage1());
    int at = HEADER_BYTES;
    for (Witness.Entry entry : entries) {
      LONG.set(bytes, at + ORDINAL_AT, entry.ordinal());
      LONG.set(bytes, at + COVERS_AT, entry.covers());
      LONG.set(bytes, at + ID_AT, entry.id());
      LONG.set(bytes, at + END_AT, entry.end());
      INT.set(bytes, at + GENERATION_AT, entry.generation());
      SHORT.set(bytes, at + SEGMENT_VERSION_AT, (short) entry.version());
      at += ENTRY_BYTES;
    }
    INT.set(bytes, bytes.length - CRC_FROM_END, crc(bytes));
    return bytes;
  }

  /**
   * Reads the list; null if there is none.
   *
   * @throws CorruptStoreException if it is damaged
   * @throws NadbException if it is of another version
   */
  public static @Nullable Content read(Path directory) throws IOException {
    Path file = of(directory);
    if (!Files.exists(file)) {
      return null;
    }
    byte[] bytes;
    try (InputStream in = new FileInputStream(file.toFile())) { // Minds no interruption.
      bytes = in.readAllBytes();
    }
    if (bytes.length < HEADER_BYTES + END_BYTES
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw damaged(file);
    }
    int version = (short) SHORT.get(bytes, VERSION_AT) & 0xffff;
    if (version > VERSION) {
      throw new NadbException(
          file
              + " has format version "
              + version
              + "; this version of NADB reads up to "
              + VERSION
              + "; nothing was changed; open it with a newer version");
    }
    int count = (int) INT.get(bytes, COUNT_AT);
    if (bytes.length != HEADER_BYTES + (long) count * ENTRY_BYTES + END_BYTES
        || (int) INT.get(bytes, bytes.length - CRC_FROM_END) != crc(bytes)) {
      throw damaged(file);
    }
    List<Witness.Entry> entries = new ArrayList<>();
    for (int at = HEADER_BYTES; at < bytes.length - END_BYTES; at += ENTRY_BYTES) {
      entries.add(
          new Witness.Entry(
              (long) LONG.get(bytes, at + ORDINAL_AT),
              (long) LONG.get(bytes, at + COVERS_AT),
              (short) SHORT.get(bytes, at + SEGMENT_VERSION_AT),
              (int) INT.get(bytes, at + GENERATION_AT),
              (long) LONG.get(bytes, at + ID_AT),
              (long) LONG.get(bytes, at + END_AT)));
    }
    LogIdentity identity =
        new LogIdentity(
            (long) LONG.get(bytes, SECRET_AT),
            (long) LONG.get(bytes, SECRET_AT + Long.BYTES),
            (long) LONG.get(bytes, LINEAGE_AT),
            (long) LONG.get(bytes, LINEAGE_AT + Long.BYTES));
    return new Content(identity, entries);
  }

  private static int crc(byte[] bytes) {
    return SegmentFormat.crc(bytes, 0, bytes.length - CRC_FROM_END);
  }

  private static CorruptStoreException damaged(Path file) {
    return new CorruptStoreException(
        file, "the list of the log's segments is damaged; " + SegmentChain.REMEDY);
  }
}
