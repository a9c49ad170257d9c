package io.nadb.internal.log;

import io.nadb.CorruptStoreException;
import io.nadb.NadbException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The format of a segment, {@code log/NNNNNNNNNN.seg}; version 1. All numbers are little-endian;
 * every item begins at a multiple of 8.
 *
 * <pre>
 * segment  := header cut* zero*            zeros: room taken in advance, given back at close
 * cut      := record* commit               only whole cuts count; one fsync makes a cut durable
 *
 * header, 64 bytes
 *   0  "NADBLOG\n"                magic
 *   8  u16                       format version
 *  12  u32                       generation: 0, or how often compaction has rewritten it
 *  16  u64                       ordinal: the number in the file's name
 *  24  u64                       where the preceding segment ends; what it has after that was never
 *                                acknowledged (generation 0)
 *  32  16 bytes                  the log's secret, which keys are hashed with
 *  60  u32                       CRC32C of bytes 0 to 59
 *
 * record
 *   0  u32                       CRC32C of what follows up to the value
 *   4  u32                       length, padding excluded
 *   8  u8                        kind (1 set, 2 delete) + flags (16 created, 32 expires, 64 codec)
 *   9  u8                        codec of the value: 0 none, 1 zlib, 2 zstd
 *  10  u16                       length of the namespace
 *  12  u32                       length of the key
 *  16  u64                       sequence number
 *  24  i64                       updated, in milliseconds since 1970
 *  32  u32                       length of the tags
 *  36  u32                       CRC32C of the value as it stands here
 *  40  [i64 created][i64 expires][u32 length of the value as it was set]    as the flags say
 *      namespace, key, tags (each: u16 length, text), value; then zeros up to a multiple of 8
 *
 * commit, 56 bytes
 *   0  u32 CRC32C   4  u32 length   8  u8 kind (3)
 *  12  u32                       number of records in the cut
 *  16  u64                       sequence number of the cut
 *  24  u64                       where the cut begins
 *  32  u64                       where this commit begins
 *  40  u64                       up to here the segment was known to be on disk
 *  48  u64                       seal: keyed hash of bytes 8 to 47, so that no value, even one made of
 *                                our own records, can pass for a commit
 * </pre>
 */
final class SegmentFormat {
  static final int VERSION = 1;
  static final int HEADER_BYTES = 64;
  static final int RECORD_BYTES = 40;
  static final int COMMIT_BYTES = 56;
  static final int KIND_SET = 1;
  static final int KIND_DELETE = 2;
  static final int KIND_COMMIT = 3;
  static final int KIND_MASK = 15;
  static final int FLAG_CREATED = 16;
  static final int FLAG_EXPIRES = 32;
  static final int FLAG_CODEC = 64;

  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] MAGIC = {'N', 'A', 'D', 'B', 'L', 'O', 'G', '\n'};
  private static final int CRC_AT = 60;

  private SegmentFormat() {}

  /** A segment's header. */
  record Header(long ordinal, int generation, long previousEnd, long secret0, long secret1) {

    /**
     * As a record's own, which can't be used: up to JDK 17 at least, the JDK remembers forever
     * whose was made last ({@code java.lang.runtime.ObjectMethods}), and with it that class loader.
     */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Header header
          && ordinal == header.ordinal
          && generation == header.generation
          && previousEnd == header.previousEnd
          && secret0 == header.secret0
          && secret1 == header.secret1;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(ordinal ^ secret0);
    }
  }

  static long padded(long length) {
    return (length + 7) & ~7L;
  }

  static byte[] header(Header header) {
    byte[] bytes = new byte[HEADER_BYTES];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    SHORT.set(bytes, 8, (short) VERSION);
    INT.set(bytes, 12, header.generation);
    LONG.set(bytes, 16, header.ordinal);
    LONG.set(bytes, 24, header.previousEnd);
    LONG.set(bytes, 32, header.secret0);
    LONG.set(bytes, 40, header.secret1);
    INT.set(bytes, CRC_AT, crc(bytes, 0, CRC_AT));
    return bytes;
  }

  /**
   * Reads a header.
   *
   * @throws CorruptStoreException if it is damaged
   * @throws NadbException if it is of another version
   */
  static Header readHeader(Path file, Content content, long ordinal) {
    byte[] bytes = new byte[HEADER_BYTES];
    content.get(0, bytes, 0, bytes.length);
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new CorruptStoreException(
          file, 0, "this is no segment of NADB, or its header is damaged,");
    }
    int version = (short) SHORT.get(bytes, 8) & 0xffff;
    if (version > VERSION) {
      throw new NadbException(
          file
              + " has format version "
              + version
              + "; this version of NADB reads up to "
              + VERSION
              + "; nothing was changed; open it with a newer version");
    }
    if (crc(bytes, 0, CRC_AT) != (int) INT.get(bytes, CRC_AT)) {
      throw new CorruptStoreException(file, 0, "the segment's header is damaged");
    }
    Header header =
        new Header(
            (long) LONG.get(bytes, 16),
            (int) INT.get(bytes, 12),
            (long) LONG.get(bytes, 24),
            (long) LONG.get(bytes, 32),
            (long) LONG.get(bytes, 40));
    if (header.ordinal != ordinal) {
      throw new CorruptStoreException(
          file, 16, "the header belongs to segment " + header.ordinal + ": was the file renamed?");
    }
    return header;
  }

  static int crc(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }
}
