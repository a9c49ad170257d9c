package io.nadb.internal.log.format;

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

import io.nadb.CorruptStoreException;
import io.nadb.internal.codec.Codec;
import io.nadb.internal.failure.Reason;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A record as it stands in a segment: all that precedes the value, and where the value is. */
public final class LogRecord {
  /** So much is copied at once by who wants the value, in the hope that it is all. */
  public static final int INITIAL_BYTES = 192;

  /** Pages of memory have 4 kB at least. */
  private static final int PAGE_SHIFT = 12;

  private final Path file;
  private final long offset;
  private final int length;

  /** The record's first bytes: its head at least. */
  private final byte[] bytes;

  private final int headLength;

  private LogRecord(Path file, long offset, int length, byte[] bytes, int headLength) {
    this.file = file;
    this.offset = offset;
    this.length = length;
    this.bytes = bytes;
    this.headLength = headLength;
  }

  /**
   * Reads what precedes the value, if it can be a record at all: its checksum is not looked at.
   *
   * @param limit where the segment's content ends
   * @param firstBytes how much is copied at once, in the hope that it is enough; {@link
   *     SegmentFormat#RECORD_BYTES} at least
   * @return null if no record can be there
   */
  public static @Nullable LogRecord read(
      Path file, Content content, long offset, long limit, int firstBytes) {
    if (offset + SegmentFormat.RECORD_BYTES > limit) {
      return null;
    }
    byte[] bytes = new byte[(int) Math.min(firstBytes, limit - offset)];
    content.get(offset, bytes, 0, bytes.length);
    int length = (int) INT.get(bytes, LENGTH_AT);
    long headLength =
        SegmentFormat.RECORD_BYTES
            + optionalBytes(bytes[KIND_AT])
            + ((short) SHORT.get(bytes, RECORD_NAMESPACE_LENGTH_AT) & 0xffffL)
            + ((int) INT.get(bytes, RECORD_KEY_LENGTH_AT) & 0xffff_ffffL)
            + ((int) INT.get(bytes, RECORD_TAGS_LENGTH_AT) & 0xffff_ffffL);
    if (length < headLength || length > limit - offset) {
      return null;
    }
    if (headLength > bytes.length) {
      bytes = new byte[(int) headLength];
      content.get(offset, bytes, 0, bytes.length);
    } else if (page(offset + bytes.length - 1) != page(offset + headLength - 1)) {
      content.checkReads(); // Of a page that may not be wanted.
    }
    return new LogRecord(file, offset, length, bytes, (int) headLength);
  }

  private static long page(long offset) {
    return offset >>> PAGE_SHIFT;
  }

  private static int optionalBytes(int kind) {
    return ((kind & SegmentFormat.FLAG_CREATED) != 0 ? Long.BYTES : 0)
        + ((kind & SegmentFormat.FLAG_EXPIRES) != 0 ? Long.BYTES : 0)
        + ((kind & SegmentFormat.FLAG_CODEC) != 0 ? Integer.BYTES : 0);
  }

  /** Whether what precedes the value is as it was written. */
  public boolean hasSoundHead() {
    return SegmentFormat.crc(bytes, COVERED_AT, headLength) == (int) INT.get(bytes, CRC_AT);
  }

  /** Whether all of the record is as it was written. */
  public boolean isSound(Content content) {
    boolean sound =
        hasSoundHead()
            && (length <= bytes.length
                ? SegmentFormat.crc(bytes, headLength, length)
                    == (int) INT.get(bytes, RECORD_VALUE_CRC_AT)
                : storedValue(content) != null);
    if (!sound) {
      content.checkReads();
    }
    return sound;
  }

  /** Reads the value as it stands here; null if it is not as it was written. */
  private byte @Nullable [] storedValue(Content content) {
    byte[] value;
    if (length <= bytes.length) {
      value = Arrays.copyOfRange(bytes, headLength, length);
    } else {
      value = new byte[length - headLength];
      content.get(offset + headLength, value, 0, value.length);
      if (value[0] == 0 || value[value.length - 1] == 0) {
        content.checkReads(); // What can't be read leaves zeros, which may fit by chance.
      }
    }
    if (SegmentFormat.crc(value, 0, value.length) == (int) INT.get(bytes, RECORD_VALUE_CRC_AT)) {
      return value;
    }
    content.checkReads();
    return null;
  }

  /** Reads the value as it was set; the head has been found sound, and this is no touch. */
  public byte[] value(Content content) throws IOException {
    byte[] stored = storedValue(content);
    if (stored == null) {
      throw damaged();
    }
    if (!has(SegmentFormat.FLAG_CODEC)) {
      return stored;
    }
    try {
      return Codec.of(bytes[RECORD_CODEC_AT]).decompress(stored, size());
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          file + ": the record at offset " + offset + " can't be decompressed: " + Reason.of(e), e);
    }
  }

  public CorruptStoreException damaged() {
    return new CorruptStoreException(
        file, offset, "a record is damaged (its checksum does not match)");
  }

  /** The length of what precedes the value. */
  public int headLength() {
    return headLength;
  }

  public long offset() {
    return offset;
  }

  /** The length without padding. */
  public int length() {
    return length;
  }

  /** Where the next item begins. */
  public long end() {
    return offset + SegmentFormat.padded(length);
  }

  public boolean isDelete() {
    return (bytes[KIND_AT] & SegmentFormat.KIND_MASK) == SegmentFormat.KIND_DELETE;
  }

  /** Whether it is a deletion because the entry had expired; unknown before version 2. */
  public boolean isExpiry() {
    return isDelete() && has(SegmentFormat.FLAG_EXPIRY);
  }

  /** Whether it has no value of its own, but that of the key's record before. */
  public boolean isTouch() {
    return (bytes[KIND_AT] & SegmentFormat.KIND_MASK) == SegmentFormat.KIND_TOUCH;
  }

  /** What a {@link Position} says of it. */
  public int flags() {
    return (hasTtl() ? Position.TTL : 0)
        | (hasTags() ? Position.TAGGED : 0)
        | (isDelete() ? Position.REMOVED : 0)
        | (isTouch() ? Position.TOUCH : 0);
  }

  /** What precedes the value, as it stands here. */
  byte[] head() {
    return Arrays.copyOf(bytes, headLength);
  }

  public boolean hasTtl() {
    return has(SegmentFormat.FLAG_EXPIRES);
  }

  public long sequence() {
    return (long) LONG.get(bytes, RECORD_SEQUENCE_AT);
  }

  public long updated() {
    return (long) LONG.get(bytes, RECORD_UPDATED_AT);
  }

  public long created() {
    return has(SegmentFormat.FLAG_CREATED)
        ? (long) LONG.get(bytes, SegmentFormat.RECORD_BYTES)
        : updated();
  }

  public long expiresAt() {
    int at = SegmentFormat.RECORD_BYTES + (has(SegmentFormat.FLAG_CREATED) ? Long.BYTES : 0);
    return hasTtl() ? (long) LONG.get(bytes, at) : Write.NEVER;
  }

  /** The length of the value as it was set. */
  int size() {
    return has(SegmentFormat.FLAG_CODEC)
        ? (int) INT.get(bytes, textAt() - Integer.BYTES)
        : length - headLength;
  }

  public boolean isOf(byte[] namespace, byte[] key) {
    int at = textAt();
    int keyAt = at + namespaceLength();
    int tagsAt = keyAt + keyLength();
    return Arrays.equals(bytes, at, keyAt, namespace, 0, namespace.length)
        && Arrays.equals(bytes, keyAt, tagsAt, key, 0, key.length);
  }

  public boolean isIn(byte[] namespace) {
    int at = textAt();
    return Arrays.equals(bytes, at, at + namespaceLength(), namespace, 0, namespace.length);
  }

  public String namespace() {
    return new String(bytes, textAt(), namespaceLength(), StandardCharsets.UTF_8);
  }

  public KeyHasher.Fingerprint fingerprint(KeyHasher hasher) {
    int at = textAt() + namespaceLength();
    return hasher.hash(bytes, at, at + keyLength());
  }

  public byte[] keyBytes() {
    int at = textAt() + namespaceLength();
    return Arrays.copyOfRange(bytes, at, at + keyLength());
  }

  public byte[] namespaceBytes() {
    int at = textAt();
    return Arrays.copyOfRange(bytes, at, at + namespaceLength());
  }

  public boolean keyStartsWith(byte[] prefix) {
    int keyAt = textAt() + namespaceLength();
    return keyLength() >= prefix.length
        && Arrays.equals(bytes, keyAt, keyAt + prefix.length, prefix, 0, prefix.length);
  }

  /** Compares namespaces, then keys, byte by byte. */
  public int compareKey(LogRecord other) {
    int at = other.textAt();
    int keyAt = at + other.namespaceLength();
    return compareKey(other.bytes, at, keyAt, other.bytes, keyAt, keyAt + other.keyLength());
  }

  /** Compares namespaces, then keys, byte by byte. */
  public int compareKey(byte[] namespace, byte[] key) {
    return compareKey(namespace, 0, namespace.length, key, 0, key.length);
  }

  private int compareKey(
      byte[] namespace, int namespaceAt, int namespaceEnd, byte[] key, int keyFrom, int keyEnd) {
    int at = textAt();
    int keyAt = at + namespaceLength();
    int order = Arrays.compareUnsigned(bytes, at, keyAt, namespace, namespaceAt, namespaceEnd);
    return order != 0
        ? order
        : Arrays.compareUnsigned(bytes, keyAt, keyAt + keyLength(), key, keyFrom, keyEnd);
  }

  public ExpiredKey toExpired() {
    return new ExpiredKey(namespace(), key(), sequence());
  }

  public StoredEntry toEntry() {
    return toEntry(tags());
  }

  /** Makes an entry of it whose tags have been decoded before. */
  public StoredEntry toEntry(Set<String> tags) {
    return new StoredEntry(key(), sequence(), size(), created(), updated(), expiresAt(), tags);
  }

  public String key() {
    return new String(bytes, textAt() + namespaceLength(), keyLength(), StandardCharsets.UTF_8);
  }

  /** How many of the key's first bytes are those of another key; {@code most} at most. */
  public int commonKeyBytes(byte[] other, int most) {
    int at = textAt() + namespaceLength();
    int length = Math.min(most, keyLength());
    int mismatch = Arrays.mismatch(bytes, at, at + length, other, 0, length);
    return mismatch < 0 ? length : mismatch;
  }

  /** The key's eight bytes after the first so many, the first of them highest; zeros if missing. */
  public long keyPrefix(int skip) {
    int at = textAt() + namespaceLength();
    int end = Math.min(at + keyLength(), at + skip + Long.BYTES);
    long prefix = 0;
    for (int i = at + skip; i < end; i++) {
      prefix |= (bytes[i] & 0xffL) << (Long.SIZE - Byte.SIZE * (i - at - skip + 1));
    }
    return prefix;
  }

  public boolean hasTags() {
    return tagsAt() < headLength;
  }

  /** The tags as they stand here. */
  public byte[] tagText() {
    return Arrays.copyOfRange(bytes, tagsAt(), headLength);
  }

  public boolean hasTagText(byte[] text) {
    return Arrays.equals(bytes, tagsAt(), headLength, text, 0, text.length);
  }

  public int tagChecksum() {
    return SegmentFormat.crc(bytes, tagsAt(), headLength);
  }

  public Set<String> tags() {
    int at = tagsAt();
    if (at == headLength) {
      return Set.of();
    }
    String first = tag(at);
    at += Short.BYTES + tagLength(at);
    if (at == headLength) {
      return Set.of(first);
    }
    Set<String> tags = new LinkedHashSet<>();
    tags.add(first);
    while (at < headLength) {
      tags.add(tag(at));
      at += Short.BYTES + tagLength(at);
    }
    return Collections.unmodifiableSet(tags);
  }

  private int tagsAt() {
    return textAt() + namespaceLength() + keyLength();
  }

  private int tagLength(int at) {
    return (short) SHORT.get(bytes, at) & 0xffff;
  }

  private String tag(int at) {
    return new String(bytes, at + Short.BYTES, tagLength(at), StandardCharsets.UTF_8);
  }

  int textAt() {
    return SegmentFormat.RECORD_BYTES + optionalBytes(bytes[KIND_AT]);
  }

  private int namespaceLength() {
    return (short) SHORT.get(bytes, RECORD_NAMESPACE_LENGTH_AT) & 0xffff;
  }

  private int keyLength() {
    return (int) INT.get(bytes, RECORD_KEY_LENGTH_AT);
  }

  private boolean has(int flag) {
    return (bytes[KIND_AT] & flag) != 0;
  }
}
