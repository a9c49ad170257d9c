package io.nadb.internal.log.format;

import static io.nadb.internal.log.format.SegmentFormat.COMMIT_COUNT_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_CUT_START_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_NEEDED_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_SEAL_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_SEQUENCE_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_START_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_SYNCED_END_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_TIME_AT;
import static io.nadb.internal.log.format.SegmentFormat.COVERED_AT;
import static io.nadb.internal.log.format.SegmentFormat.CRC_AT;
import static io.nadb.internal.log.format.SegmentFormat.INT;
import static io.nadb.internal.log.format.SegmentFormat.KIND_AT;
import static io.nadb.internal.log.format.SegmentFormat.LENGTH_AT;
import static io.nadb.internal.log.format.SegmentFormat.LONG;
import static io.nadb.internal.log.format.SegmentFormat.RECORD_CODEC_AT;
import static io.nadb.internal.log.format.SegmentFormat.RECORD_KEY_LENGTH_AT;
import static io.nadb.internal.log.format.SegmentFormat.RECORD_NAMESPACE_LENGTH_AT;
import static io.nadb.internal.log.format.SegmentFormat.RECORD_SEQUENCE_AT;
import static io.nadb.internal.log.format.SegmentFormat.RECORD_TAGS_LENGTH_AT;
import static io.nadb.internal.log.format.SegmentFormat.RECORD_UPDATED_AT;
import static io.nadb.internal.log.format.SegmentFormat.RECORD_VALUE_CRC_AT;
import static io.nadb.internal.log.format.SegmentFormat.SHORT;

import io.nadb.internal.codec.Codec;
import io.nadb.spi.StorageIo;
import io.nadb.spi.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32C;

/** Encodes records and writes them to a file through one reused buffer. */
public final class CutWriter {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int INITIAL_BYTES = 4 << 10;

  /** Values from here on go from their own array to the file, without a copy in between. */
  private static final int LARGE_VALUE = 32 << 10;

  private static final int CHUNK_BYTES = 1 << 20;
  private static final byte[] PADDING = new byte[Position.ALIGNMENT];

  private final CRC32C crc = new CRC32C();
  private byte[] buffer = new byte[0];
  private int used;
  private long offset;

  /** Lets go of the buffer until there is something to write again. */
  public void rest() {
    buffer = new byte[0];
  }

  /** Begins to write at an offset of a file. */
  public void begin(long fileOffset) {
    used = 0;
    offset = fileOffset;
  }

  /** Where the next item goes. */
  public long offset() {
    return offset + used;
  }

  /**
   * Writes a record; returns its length without padding.
   *
   * @param touch whether the value is left out, since the log has it
   */
  public int write(
      StorageIo.Output out,
      byte[] namespace,
      byte[] key,
      Write write,
      boolean touch,
      long created,
      Codec codec)
      throws IOException {
    byte[] tags = tags(write.tags());
    byte[] value = PADDING;
    int valueLength = 0;
    int kind = SegmentFormat.KIND_DELETE;
    int codecId = Codec.NONE.id();
    int optional = 0;
    if (write.isExpiry()) {
      kind |= SegmentFormat.FLAG_EXPIRY;
    }
    if (!write.isDelete()) {
      if (touch) {
        kind = SegmentFormat.KIND_TOUCH | SegmentFormat.FLAG_CODEC;
        optional += Integer.BYTES;
      } else {
        kind = SegmentFormat.KIND_SET;
        value = codec.shrink(write.value());
        valueLength = value.length;
        if (value != write.value()) {
          kind |= SegmentFormat.FLAG_CODEC;
          codecId = codec.id();
          optional += Integer.BYTES;
        }
      }
      if (created != write.updated()) {
        kind |= SegmentFormat.FLAG_CREATED;
        optional += Long.BYTES;
      }
      if (touch || write.expiresAt() != Write.NEVER) {
        kind |= SegmentFormat.FLAG_EXPIRES;
        optional += Long.BYTES;
      }
    }
    int headLength =
        SegmentFormat.RECORD_BYTES + optional + namespace.length + key.length + tags.length;
    int length = Math.addExact(headLength, valueLength);
    boolean large = valueLength >= LARGE_VALUE;
    makeRoom(out, (large ? headLength : length) + Position.ALIGNMENT);
    int at = used;
    byte[] bytes = buffer;
    INT.set(bytes, at + LENGTH_AT, length);
    bytes[at + KIND_AT] = (byte) kind;
    bytes[at + RECORD_CODEC_AT] = (byte) codecId;
    SHORT.set(bytes, at + RECORD_NAMESPACE_LENGTH_AT, (short) namespace.length);
    INT.set(bytes, at + RECORD_KEY_LENGTH_AT, key.length);
    LONG.set(bytes, at + RECORD_SEQUENCE_AT, write.sequence());
    LONG.set(bytes, at + RECORD_UPDATED_AT, write.updated());
    INT.set(bytes, at + RECORD_TAGS_LENGTH_AT, tags.length);
    int to = at + SegmentFormat.RECORD_BYTES;
    if ((kind & SegmentFormat.FLAG_CREATED) != 0) {
      LONG.set(bytes, to, created);
      to += Long.BYTES;
    }
    if ((kind & SegmentFormat.FLAG_EXPIRES) != 0) {
      LONG.set(bytes, to, write.expiresAt());
      to += Long.BYTES;
    }
    if ((kind & SegmentFormat.FLAG_CODEC) != 0) {
      INT.set(bytes, to, write.size());
      to += Integer.BYTES;
    }
    to = copy(namespace, bytes, to);
    to = copy(key, bytes, to);
    to = copy(tags, bytes, to);
    INT.set(bytes, at + RECORD_VALUE_CRC_AT, crc(value, 0, valueLength));
    INT.set(bytes, at + CRC_AT, crc(bytes, at + COVERED_AT, to));
    if (large) {
      used = to;
      writeLarge(out, value);
    } else {
      System.arraycopy(value, 0, bytes, to, valueLength);
      used = to + valueLength;
    }
    pad(length);
    return length;
  }

  /** Writes the commit record of the cut that precedes it, and all that is buffered. */
  public void commit(StorageIo.Output out, SegmentScanner.Commit commit, KeyHasher hasher)
      throws IOException {
    makeRoom(out, SegmentFormat.COMMIT_BYTES);
    Arrays.fill(buffer, used, used + SegmentFormat.COMMIT_BYTES, (byte) 0);
    putCommit(buffer, used, commit, offset(), hasher);
    used += SegmentFormat.COMMIT_BYTES;
    drain(out);
    if (buffer.length > 4 * BUFFER_BYTES) {
      buffer = new byte[BUFFER_BYTES];
    }
  }

  /** Writes a commit record into a buffer of zeros, as it is to stand at an offset of the file. */
  static void putCommit(
      byte[] bytes, int to, SegmentScanner.Commit commit, long at, KeyHasher hasher) {
    INT.set(bytes, to + LENGTH_AT, SegmentFormat.COMMIT_BYTES);
    bytes[to + KIND_AT] = SegmentFormat.KIND_COMMIT;
    INT.set(bytes, to + COMMIT_COUNT_AT, commit.count());
    LONG.set(bytes, to + COMMIT_SEQUENCE_AT, commit.sequence());
    LONG.set(bytes, to + COMMIT_CUT_START_AT, commit.cutStart());
    LONG.set(bytes, to + COMMIT_START_AT, at);
    LONG.set(bytes, to + COMMIT_SYNCED_END_AT, commit.syncedEnd());
    LONG.set(bytes, to + COMMIT_TIME_AT, commit.time());
    LONG.set(bytes, to + COMMIT_NEEDED_AT, commit.needed());
    int sealAt = to + COMMIT_SEAL_AT;
    LONG.set(bytes, sealAt, hasher.seal(bytes, to + KIND_AT, sealAt));
    int end = to + SegmentFormat.COMMIT_BYTES;
    INT.set(bytes, to + CRC_AT, SegmentFormat.crc(bytes, to + COVERED_AT, end));
  }

  /** Copies a record as it is. */
  public void copy(StorageIo.Output out, LogRecord record, Content content) throws IOException {
    copy(out, content, record.offset(), record.length());
    pad(record.length());
  }

  /**
   * Writes the record that a touch and the record with its value make together; returns its length.
   */
  public int merge(StorageIo.Output out, LogRecord touch, LogRecord valued, Content content)
      throws IOException {
    byte[] head = MergedHead.of(touch, valued);
    makeRoom(out, head.length + Position.ALIGNMENT);
    used = copy(head, buffer, used);
    int length = valued.length() - valued.headLength();
    copy(out, content, valued.offset() + valued.headLength(), length);
    makeRoom(out, Position.ALIGNMENT);
    pad(head.length + length);
    return head.length + length;
  }

  private void copy(StorageIo.Output out, Content content, long from, int length)
      throws IOException {
    for (int done = 0; done < length; ) {
      int part = Math.min(length - done, BUFFER_BYTES);
      makeRoom(out, part + Position.ALIGNMENT);
      content.get(from + done, buffer, used, part);
      used += part;
      done += part;
    }
    content.checkReads();
  }

  private void pad(int length) {
    int padding = (int) (SegmentFormat.padded(length) - length);
    System.arraycopy(PADDING, 0, buffer, used, padding);
    used += padding;
  }

  private int crc(byte[] bytes, int from, int to) {
    crc.reset();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }

  private static int copy(byte[] from, byte[] to, int at) {
    System.arraycopy(from, 0, to, at, from.length);
    return at + from.length;
  }

  private static byte[] tags(Set<String> tags) {
    if (tags.isEmpty()) {
      return new byte[0];
    }
    byte[][] texts =
        tags.stream().map(tag -> tag.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    int length = 0;
    for (byte[] text : texts) {
      length += Short.BYTES + text.length;
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (byte[] text : texts) {
      SHORT.set(bytes, at, (short) text.length);
      at = copy(text, bytes, at + Short.BYTES);
    }
    return bytes;
  }

  private void makeRoom(StorageIo.Output out, int bytes) throws IOException {
    if (used + bytes > buffer.length) {
      if (buffer.length < BUFFER_BYTES && used + bytes <= BUFFER_BYTES) {
        buffer = Arrays.copyOf(buffer, larger(used + bytes));
        return;
      }
      drain(out);
      if (bytes > buffer.length) {
        buffer = new byte[Math.max(bytes, BUFFER_BYTES)];
      }
    }
  }

  /** A small store, of which there may be a thousand, needs no large buffer. */
  private int larger(int needed) {
    int length = Math.max(2 * buffer.length, INITIAL_BYTES);
    while (length < needed) {
      length *= 2;
    }
    return Math.min(length, BUFFER_BYTES);
  }

  private void writeLarge(StorageIo.Output out, byte[] value) throws IOException {
    drain(out);
    for (int at = 0; at < value.length; at += CHUNK_BYTES) {
      out.write(value, at, Math.min(CHUNK_BYTES, value.length - at));
    }
    offset += value.length;
  }

  private void drain(StorageIo.Output out) throws IOException {
    if (used > 0) {
      out.write(buffer, 0, used);
      offset += used;
      used = 0;
    }
  }
}
