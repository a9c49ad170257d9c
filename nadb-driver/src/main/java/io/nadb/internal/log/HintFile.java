package io.nadb.internal.log;

import static io.nadb.internal.log.SegmentFormat.INT;
import static io.nadb.internal.log.SegmentFormat.LONG;
import static io.nadb.internal.log.SegmentFormat.SHORT;

import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the index needs to know of a segment, {@code log/NNNNNNNNNN.hint}, so that opening reads 24
 * bytes a record instead of all. Derived and disposable; version 2, little-endian:
 *
 * <pre>
 * header, 64 bytes: "NADBHNT\n", u16 version, at 12 u32 generation, 16 u64 ordinal,
 *                   24 u64 end of the part of the segment that it describes, 32 u64 sequence number
 *                   of the last cut in that part, 40 16 bytes secret, 56 u32 number of entries
 * entry,  24 bytes: the slot of the index: fingerprint, fingerprint + created, position (handle 0)
 * trailer, 4 bytes: CRC32C of all before it
 * </pre>
 */
final class HintFile {
  private static final byte[] MAGIC = {'N', 'A', 'D', 'B', 'H', 'N', 'T', '\n'};
  private static final short VERSION = 2;
  private static final int HEADER_BYTES = 64;
  private static final int ENTRY_BYTES = 24;

  private HintFile() {}

  /** Sees each entry: the three words of a slot. */
  interface Visitor {
    void visit(long first, long second, long position);
  }

  /** The entries of a hint file, and the part of the segment that they describe. */
  static final class Hint {
    private final byte[] bytes;
    private final int count;

    private Hint(byte[] bytes, int count) {
      this.bytes = bytes;
      this.count = count;
    }

    /** Where the part ends. */
    long end() {
      return (long) LONG.get(bytes, 24);
    }

    /** The sequence number of the last cut in the part. */
    long sequence() {
      return (long) LONG.get(bytes, 32);
    }

    void forEach(Visitor visitor) {
      for (int i = 0; i < count; i++) {
        int at = HEADER_BYTES + i * ENTRY_BYTES;
        visitor.visit(
            (long) LONG.get(bytes, at),
            (long) LONG.get(bytes, at + 8),
            (long) LONG.get(bytes, at + 16));
      }
    }
  }

  static Path of(Path segment) {
    String name = String.valueOf(segment.getFileName());
    return segment.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".hint");
  }

  /** How many entries the hint of a segment has, if it is whole, or 0 if there is none. */
  static long countAtMost(Path segment) throws IOException {
    Path hint = of(segment);
    return Files.exists(hint) ? Files.size(hint) / ENTRY_BYTES : 0;
  }

  /** Reads the hint of a segment; null if there is none that can be relied on. */
  static @Nullable Hint read(Path segment, SegmentFormat.Header header) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(of(segment));
    } catch (NoSuchFileException e) {
      return null;
    }
    int crcAt = bytes.length - Integer.BYTES;
    if (crcAt < HEADER_BYTES
        || SegmentFormat.crc(bytes, 0, crcAt) != (int) INT.get(bytes, crcAt)
        || !Arrays.equals(bytes, 0, HEADER_BYTES, head(header, bytes), 0, HEADER_BYTES)) {
      return null;
    }
    int count = (int) INT.get(bytes, 56);
    return count * (long) ENTRY_BYTES == crcAt - HEADER_BYTES ? new Hint(bytes, count) : null;
  }

  /** The header that a hint of this segment must have, apart from what only the hint knows. */
  private static byte[] head(SegmentFormat.Header header, byte[] known) {
    return head(
        header, (long) LONG.get(known, 24), (long) LONG.get(known, 32), (int) INT.get(known, 56));
  }

  private static byte[] head(SegmentFormat.Header header, long end, long sequence, int count) {
    byte[] bytes = new byte[HEADER_BYTES];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    SHORT.set(bytes, 8, VERSION);
    INT.set(bytes, 12, header.generation());
    LONG.set(bytes, 16, header.ordinal());
    LONG.set(bytes, 24, end);
    LONG.set(bytes, 32, sequence);
    LONG.set(bytes, 40, header.secret0());
    LONG.set(bytes, 48, header.secret1());
    INT.set(bytes, 56, count);
    return bytes;
  }

  /** Collects a segment's entries. */
  static final class Builder {
    private byte[] bytes = new byte[HEADER_BYTES + 64 * ENTRY_BYTES];
    private int count;

    void add(KeyHasher.Fingerprint key, LogRecord record) {
      int at = HEADER_BYTES + count * ENTRY_BYTES;
      if (at + ENTRY_BYTES + Integer.BYTES > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.addExact(bytes.length, bytes.length / 2));
      }
      LONG.set(bytes, at, key.low());
      LONG.set(bytes, at + 8, KeyIndex.second(key, record.created()));
      LONG.set(bytes, at + 16, Position.of(0, record.offset(), record.length(), record.flags()));
      count++;
    }

    /** Writes the hint; a crash in between leaves the old one, or none, or one with a bad CRC. */
    void write(StorageIo io, Segment segment, long end, long sequence) throws IOException {
      int crcAt = HEADER_BYTES + count * ENTRY_BYTES;
      byte[] head = head(segment.header(), end, sequence, count);
      System.arraycopy(head, 0, bytes, 0, HEADER_BYTES);
      INT.set(bytes, crcAt, SegmentFormat.crc(bytes, 0, crcAt));
      Path target = of(segment.file());
      Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
      io.delete(temporary);
      try (StorageIo.Output out = io.create(temporary, 0)) {
        out.write(bytes, 0, crcAt + Integer.BYTES);
      }
      io.rename(temporary, target);
    }
  }
}
