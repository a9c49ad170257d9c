package io.nadb.internal.log.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The format of a segment, {@code log/NNNNNNNNNN.seg}; version 3. All numbers are little-endian;
 * every item begins at a multiple of 8.
 *
 * <pre>
 * segment  := header cut* zero*            zeros: room taken in advance, given back at close
 * cut      := record* commit               only whole cuts count; one fsync makes a cut durable
 *
 * header, 128 bytes
 *   0  "NADBLOG\n"                magic
 *   8  u16                       format version
 *  12  u32                       generation: 0, or how often compaction has rewritten it
 *  16  u64                       ordinal: the number in the file's name
 *  24  u64                       where the preceding segment ends; what it has after that was never
 *                                acknowledged (generation 0)
 *  32  16 bytes                  the log's secret, which keys are hashed with
 *  48  16 bytes                  the log's lineage: random, its own from the beginning
 *  64  u64                       covers up to ordinal: its own, or, if compaction has written it, that
 *                                of the last segment whose outcome it holds; there the next begins
 *  72  u64                       the file's id: random, so that no other file is taken for it
 *  80  u64                       the id of the file whose place it has taken; 0: none (generation 0)
 *  88  i64                       time of the last cut before this segment, as in a commit; 0: none
 * 124  u32                       CRC32C of bytes 0 to 123
 *
 * record
 *   0  u32                       CRC32C of what follows up to the value
 *   4  u32                       length, padding excluded
 *   8  u8                        kind (1 set, 2 delete, 4 touch) + flags (16 created, 32 expires,
 *                                64 codec, 128 a delete because the entry had expired)
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
 *      A touch gives the entry another expiry time: it has all of a record with TTL but the value
 *      (flags 32 and 64, codec 0). That is the value of the key's last set record before it, in the
 *      order of the log.
 *
 * commit, 72 bytes
 *   0  u32 CRC32C   4  u32 length   8  u8 kind (3)
 *  12  u32                       number of records in the cut
 *  16  u64                       sequence number of the cut
 *  24  u64                       where the cut begins
 *  32  u64                       where this commit begins
 *  40  u64                       up to here the segment was known to be on disk
 *  48  i64                       time of the cut, in milliseconds since 1970; never less than that of
 *                                the cut before, whatever the clock says
 *  56  u64                       if compaction has written it: up to here, in sequence numbers, the
 *                                log was on disk then, and must be found to reach; else 0
 *  64  u64                       seal: keyed hash of bytes 8 to 63, so that no value, even one made of
 *                                our own records, can pass for a commit
 * </pre>
 *
 * <p>A segment that compaction has written is one cut, even if that has no record: such a file only
 * holds the place of those it has replaced, so that no number is missing.
 *
 * <p>Versions 1 and 2 are read, never written. Version 2 has no touches. Version 1 has none either,
 * and a header of 64 bytes, which has nothing from 48 on but its CRC32C at 60, and commits of 56
 * bytes, whose seal is at 48.
 */
public final class SegmentFormat {
  public static final int VERSION = 3;

  // The header.
  public static final int HEADER_BYTES = 128;
  public static final int HEADER_VERSION_AT = 8;
  static final int HEADER_GENERATION_AT = 12;
  public static final int HEADER_ORDINAL_AT = 16;
  static final int HEADER_PREVIOUS_END_AT = 24;
  static final int HEADER_SECRET_AT = 32;
  static final int HEADER_LINEAGE_AT = 48;
  static final int HEADER_COVERS_AT = 64;
  static final int HEADER_ID_AT = 72;
  static final int HEADER_REPLACED_AT = 80;
  static final int HEADER_TIME_AT = 88;
  public static final int HEADER_CRC_AT = 124;

  // Of records and commits alike.
  static final int CRC_AT = 0;

  /** From here on the checksum covers. */
  static final int COVERED_AT = 4;

  public static final int LENGTH_AT = 4;
  public static final int KIND_AT = 8;
  static final int KIND_SET = 1;
  static final int KIND_DELETE = 2;
  static final int KIND_COMMIT = 3;
  static final int KIND_TOUCH = 4;
  static final int KIND_MASK = 15;
  static final int FLAG_CREATED = 16;
  static final int FLAG_EXPIRES = 32;
  static final int FLAG_CODEC = 64;
  static final int FLAG_EXPIRY = 128;

  // A record: up to where the optional fields begin, its length is always the same.
  public static final int RECORD_BYTES = 40;
  static final int RECORD_CODEC_AT = 9;
  static final int RECORD_NAMESPACE_LENGTH_AT = 10;
  static final int RECORD_KEY_LENGTH_AT = 12;
  public static final int RECORD_SEQUENCE_AT = 16;
  static final int RECORD_UPDATED_AT = 24;
  static final int RECORD_TAGS_LENGTH_AT = 32;
  static final int RECORD_VALUE_CRC_AT = 36;

  // A commit.
  public static final int COMMIT_BYTES = 72;
  static final int COMMIT_COUNT_AT = 12;
  static final int COMMIT_SEQUENCE_AT = 16;
  static final int COMMIT_CUT_START_AT = 24;
  static final int COMMIT_START_AT = 32;
  static final int COMMIT_SYNCED_END_AT = 40;
  static final int COMMIT_TIME_AT = 48;
  static final int COMMIT_NEEDED_AT = 56;
  static final int COMMIT_SEAL_AT = 64;

  // What version 1 has elsewhere.
  public static final int HEADER_BYTES_1 = 64;
  static final int HEADER_CRC_AT_1 = 60;
  static final int COMMIT_BYTES_1 = 56;
  static final int COMMIT_SEAL_AT_1 = 48;

  public static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  public static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  public static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private SegmentFormat() {}

  /** How long the header is in a format version: there the first cut begins. */
  static int headerBytes(int version) {
    return version == 1 ? HEADER_BYTES_1 : HEADER_BYTES;
  }

  static int headerCrcAt(int version) {
    return version == 1 ? HEADER_CRC_AT_1 : HEADER_CRC_AT;
  }

  /** How long a commit is in a format version. */
  static int commitBytes(int version) {
    return version == 1 ? COMMIT_BYTES_1 : COMMIT_BYTES;
  }

  static int commitSealAt(int version) {
    return version == 1 ? COMMIT_SEAL_AT_1 : COMMIT_SEAL_AT;
  }

  public static long padded(long length) {
    return (length + 7) & ~7L;
  }

  public static int crc(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }
}
