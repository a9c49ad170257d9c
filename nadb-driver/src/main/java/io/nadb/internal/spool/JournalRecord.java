package io.nadb.internal.spool;

import io.nadb.spi.Cut;
import io.nadb.spi.Write;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is appended to a journal at once. All numbers are big-endian:
 *
 * <pre>
 *   4 "NSPL"   4 length of the body   4 CRC32C of the body
 *   body: 1 flags (1: what is before it in the file was on disk, 2: it has all that the server lacks)
 *         8 the number of the last write before   8 of the last write in here   8 of the last one that the server is known to have   4 count
 *         and for each write, the latest of each key:
 *           1 flags (1: deletion, 2: keeps the creation time of what is there)   8 its number
 *           8 created   8 updated   8 expires   text namespace   text key
 *           4 count of tags, each a text   4 length of the value, the value
 *   text: 4 length, UTF-8
 * </pre>
 *
 * <p>One without writes only says how far the server has come.
 *
 * @param synced whether all before it in its file was on disk when it was written
 * @param all whether it has all that the server did not have, so that earlier files mean nothing
 * @param after the number of the last write before
 * @param sequence the number of the last write in here
 * @param forwarded the number of the last write that the server is known to have
 * @param writes the writes, in the order of their numbers
 */
record JournalRecord(
    boolean synced,
    boolean all,
    long after,
    long sequence,
    long forwarded,
    List<SpooledWrite> writes) {

  static final int HEAD_BYTES = 12;
  static final int MAGIC = 0x4e53504c;

  private static final int SYNCED = 1;
  private static final int ALL = 2;
  private static final int DELETION = 1;
  private static final int INHERITS = 2;

  /** The head of a record. */
  record Head(int length, int crc) {
    /** Reads one; null if this is none. */
    static @Nullable Head read(ByteBuffer bytes) {
      int magic = bytes.getInt();
      int length = bytes.getInt();
      int crc = bytes.getInt();
      return magic == MAGIC && length > 0 ? new Head(length, crc) : null;
    }
  }

  /** Bytes that need not be copied to be read. */
  private static final class Growing extends ByteArrayOutputStream {
    byte[] array() {
      return buf;
    }
  }

  /** The bytes of a record that has a cut's writes. */
  static ByteBuffer encode(boolean synced, boolean all, long after, long forwarded, Cut cut) {
    Growing bytes = new Growing();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      out.write(new byte[HEAD_BYTES]);
      out.writeByte((synced ? SYNCED : 0) | (all ? ALL : 0));
      out.writeLong(after);
      out.writeLong(cut.sequence());
      out.writeLong(forwarded);
      out.writeInt(cut.size());
      cut.forEach((namespace, key, write) -> encode(out, namespace, key, write));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    ByteBuffer record = ByteBuffer.wrap(bytes.array(), 0, bytes.size());
    int length = bytes.size() - HEAD_BYTES;
    record.putInt(0, MAGIC);
    record.putInt(Integer.BYTES, length);
    record.putInt(2 * Integer.BYTES, crc(bytes.array(), HEAD_BYTES, length));
    return record;
  }

  /** The bytes of a record that has no writes, and says how far the server has come. */
  static ByteBuffer note(boolean synced, long appended, long forwarded) {
    return encode(synced, false, appended, forwarded, new Nothing(appended));
  }

  /** No writes. */
  private record Nothing(long sequence) implements Cut {
    @Override
    public int size() {
      return 0;
    }

    @Override
    public <E extends Exception> void forEach(Visitor<E> visitor) {}
  }

  private static void encode(DataOutputStream out, String namespace, String key, Write write)
      throws IOException {
    boolean gone = write.isDelete();
    out.writeByte((gone ? DELETION : 0) | (write.inheritsCreated() ? INHERITS : 0));
    out.writeLong(write.sequence());
    out.writeLong(write.created());
    out.writeLong(write.updated());
    out.writeLong(write.expiresAt());
    text(out, namespace);
    text(out, key);
    out.writeInt(write.tags().size());
    for (String tag : write.tags()) {
      text(out, tag);
    }
    bytes(out, gone ? new byte[0] : write.value());
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Whether a body is as it was written. */
  static boolean isWhole(Head head, byte[] bytes, int offset) {
    return crc(bytes, offset, head.length()) == head.crc();
  }

  /** Reads a body that is whole. */
  static JournalRecord decode(DataInputStream in) throws IOException {
    int flags = in.readByte();
    long after = in.readLong();
    long sequence = in.readLong();
    long forwarded = in.readLong();
    int count = in.readInt();
    List<SpooledWrite> writes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      writes.add(write(in));
    }
    Order.sort(writes);
    return new JournalRecord(
        (flags & SYNCED) != 0, (flags & ALL) != 0, after, sequence, forwarded, writes);
  }

  private static SpooledWrite write(DataInputStream in) throws IOException {
    int flags = in.readByte();
    long sequence = in.readLong();
    long created = in.readLong();
    long updated = in.readLong();
    long expiresAt = in.readLong();
    String namespace = text(in);
    String key = text(in);
    int count = in.readInt();
    Set<String> tags = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      tags.add(text(in));
    }
    byte[] value = bytes(in);
    Write write =
        (flags & DELETION) != 0
            ? Write.delete(sequence, updated)
            : Write.set(
                sequence, value, tags, created, (flags & INHERITS) != 0, updated, expiresAt);
    return new SpooledWrite(namespace, key, write);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
