package io.nadb.internal.log.segment;

import static io.nadb.internal.log.format.SegmentFormat.INT;
import static io.nadb.internal.log.format.SegmentFormat.LONG;
import static io.nadb.internal.log.format.SegmentFormat.SHORT;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.spi.StorageIo;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What the index needs to know of a segment, {@code log/NNNNNNNNNN.hint}, so that opening reads 24
 * bytes a record instead of all. Derived and disposable; version 5, little-endian (some of version
 * 3 claim more than they should, so these are passed over):
 *
 * <pre>
 * hint  := header block*
 *
 * header, 64 bytes
 *   0  "NADBHNT\n"   8  u16 version   12  u32 generation   16  u64 ordinal   24  16 bytes secret
 *  40  u64           id of the segment's file
 *
 * block
 *   0  u32           CRC32C of what follows in this block
 *   4  u32           number of entries
 *   8  u64           up to here the segment is on disk, and this and the blocks before have all of it
 *  16  u64           sequence number of the last cut in that part
 *  24  entries, 24 bytes each: the slot of the index: fingerprint, fingerprint + created,
 *                   position (handle 0)
 * </pre>
 *
 * <p>It is never synced. What counts is what the last block of the unbroken ones says; entries
 * beyond that belong to records that were not on disk yet. A file that has any is never gone on
 * with: the log may have lost them, and a later block would declare them sound.
 */
public final class HintFile {
  private static final byte[] MAGIC = {'N', 'A', 'D', 'B', 'H', 'N', 'T', '\n'};
  private static final short VERSION = 5;

  // The header.
  static final int HEADER_BYTES = 64;
  private static final int VERSION_AT = 8;
  private static final int GENERATION_AT = 12;
  private static final int ORDINAL_AT = 16;
  private static final int SECRET_AT = 24;
  private static final int ID_AT = 40;

  // A block, up to its entries.
  static final int BLOCK_BYTES = 24;
  private static final int CRC_AT = 0;
  private static final int COVERED_AT = 4;
  private static final int COUNT_AT = 4;
  private static final int END_AT = 8;
  private static final int SEQUENCE_AT = 16;

  // An entry.
  static final int ENTRY_BYTES = 24;
  private static final int FIRST_AT = 0;
  private static final int SECOND_AT = 8;
  private static final int POSITION_AT = 16;

  static final int ENTRIES = 2048;
  private static final int MAX_BYTES = BLOCK_BYTES + ENTRIES * ENTRY_BYTES;
  private static final int INITIAL_BYTES = BLOCK_BYTES + 16 * ENTRY_BYTES;

  /** If the process dies, the records of so many entries have to be read, which takes long. */
  private static final int MAX_UNSAID = 512;

  private HintFile() {}

  /**
   * A hint file as far as it is whole.
   *
   * @param blocks entries, three words each as in a slot, to be taken out by whoever uses them;
   *     those of records beyond the end of the part that is described do not count
   * @param end where the part ends
   * @param sequence the sequence number of the last cut in the part; 0 if it has none
   * @param isWhole whether the file has nothing else, so that it can be gone on with
   */
  public record Hint(Queue<long[]> blocks, long end, long sequence, boolean isWhole) {}

  /** Reads block by block, as long as they are whole. */
  private static final class Reader implements Closeable {
    private final InputStream in;
    private final byte[] block = new byte[MAX_BYTES];
    private final SegmentHeader header;
    private long end;
    private long sequence;
    private long lastOffset;
    private boolean atEnd;

    Reader(Path file, SegmentHeader header) throws IOException {
      this.header = header;
      this.end = header.length();
      in = new FileInputStream(file.toFile());
    }

    boolean hasHeader() throws IOException {
      return Arrays.equals(in.readNBytes(HEADER_BYTES), head(header));
    }

    /** Reads the entries of the next block; null if there is none that is whole. */
    long @Nullable [] next() throws IOException {
      int read = in.readNBytes(block, 0, BLOCK_BYTES);
      atEnd = read == 0;
      int count = (int) INT.get(block, COUNT_AT);
      if (read < BLOCK_BYTES || count < 0 || count > ENTRIES) {
        return null;
      }
      int length = BLOCK_BYTES + count * ENTRY_BYTES;
      read += in.readNBytes(block, BLOCK_BYTES, length - BLOCK_BYTES);
      if (read < length
          || SegmentFormat.crc(block, COVERED_AT, length) != (int) INT.get(block, CRC_AT)) {
        return null;
      }
      end = (long) LONG.get(block, END_AT);
      sequence = (long) LONG.get(block, SEQUENCE_AT);
      long[] entries = new long[count * ENTRY_BYTES / Long.BYTES];
      ByteBuffer.wrap(block, BLOCK_BYTES, length - BLOCK_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asLongBuffer()
          .get(entries);
      if (count > 0) {
        lastOffset = Position.offset(entries[entries.length - 1]);
      }
      return entries;
    }

    /**
     * Whether nothing is left to read, and no entry is of a record that was not on disk when it was
     * written: the segment may have lost that, and have something else there by now.
     */
    boolean isWhole() {
      return atEnd && lastOffset < end;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  public static Path of(Path segment) {
    String name = String.valueOf(segment.getFileName());
    return segment.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".hint");
  }

  /** How many entries the hint of a segment has at most; 0 if there is none. */
  public static long countAtMost(Path segment) throws IOException {
    Path hint = of(segment);
    return Files.exists(hint) ? Files.size(hint) / ENTRY_BYTES : 0;
  }

  /** Reads the hint of a segment, as far as it is whole; null if there is none for it. */
  public static @Nullable Hint read(Path segment, SegmentHeader header) throws IOException {
    if (!Files.exists(of(segment))) {
      return null;
    }
    try (Reader reader = new Reader(of(segment), header)) {
      if (!reader.hasHeader()) {
        return null;
      }
      Queue<long[]> blocks = new ArrayDeque<>();
      for (long[] block = reader.next(); block != null; block = reader.next()) {
        blocks.add(block);
      }
      return new Hint(blocks, reader.end, reader.sequence, reader.isWhole());
    } catch (FileNotFoundException e) {
      if (Files.exists(of(segment))) {
        throw e;
      }
      return null; // Its owner has just deleted it.
    }
  }

  /** Whether a segment has a hint that describes any cut. */
  public static boolean describesCut(Path segment, SegmentHeader header) throws IOException {
    if (!Files.exists(of(segment))) {
      return false;
    }
    try (Reader reader = new Reader(of(segment), header)) {
      boolean more = reader.hasHeader();
      while (more && reader.end == header.length()) {
        more = reader.next() != null;
      }
      return reader.end > header.length();
    }
  }

  private static byte[] head(SegmentHeader header) {
    byte[] bytes = new byte[HEADER_BYTES];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    SHORT.set(bytes, VERSION_AT, VERSION);
    INT.set(bytes, GENERATION_AT, header.generation());
    LONG.set(bytes, ORDINAL_AT, header.ordinal());
    LONG.set(bytes, SECRET_AT, header.identity().secret0());
    LONG.set(bytes, SECRET_AT + Long.BYTES, header.identity().secret1());
    LONG.set(bytes, ID_AT, header.id());
    return bytes;
  }

  /** Writes the hint of a segment, block by block. */
  public static final class Writer {
    private final StorageIo io;
    private final Segment segment;
    private byte[] block = new byte[INITIAL_BYTES];
    private int used = BLOCK_BYTES;
    private long end;
    private long sequence;

    /** How many entries were added that the file does not say to count. */
    private int unsaid;

    /** The file; null until there is more than a block holds. */
    private StorageIo.@Nullable Output out;

    public Writer(StorageIo io, Segment segment) {
      this.io = io;
      this.segment = segment;
      this.end = segment.start();
    }

    /**
     * Goes on with the hint of a segment that it describes to the end.
     *
     * @param lastSequence the sequence number of the segment's last cut
     */
    public static Writer resume(StorageIo io, Segment segment, long lastSequence)
        throws IOException {
      Writer writer = new Writer(io, segment);
      Path path = of(segment.file());
      long length = Files.size(path);
      writer.out = io.open(path, length, length);
      writer.cover(segment.end(), lastSequence);
      return writer;
    }

    public Segment segment() {
      return segment;
    }

    public void add(KeyHasher.Fingerprint key, LogRecord record) throws IOException {
      add(
          key.low(),
          KeyIndex.second(key, record.created()),
          Position.of(0, record.offset(), record.length(), record.flags()));
    }

    /** Lets go of what is not needed for the entries that have been added. */
    public void rest() {
      block = Arrays.copyOf(block, Math.max(used, INITIAL_BYTES));
    }

    /** Adds a slot of the index. */
    public void add(long first, long second, long position) throws IOException {
      if (used == block.length) {
        if (used == MAX_BYTES) {
          writeBlock();
        } else {
          block = Arrays.copyOf(block, Math.min(2 * (used - BLOCK_BYTES) + BLOCK_BYTES, MAX_BYTES));
        }
      }
      LONG.set(block, used + FIRST_AT, first);
      LONG.set(block, used + SECOND_AT, second);
      LONG.set(block, used + POSITION_AT, Position.withHandle(position, 0));
      used += ENTRY_BYTES;
      unsaid++;
    }

    /**
     * Declares that the segment is on disk up to {@code end}, and all records up to there have been
     * added.
     *
     * @param lastSequence the sequence number of the last cut in that part
     */
    public void cover(long coveredEnd, long lastSequence) throws IOException {
      end = coveredEnd;
      sequence = lastSequence;
      if (unsaid >= MAX_UNSAID) {
        writeBlock();
        unsaid = 0;
      }
    }

    /** Writes what has been added. */
    public void finish() throws IOException {
      writeBlock();
      StorageIo.Output file = out;
      out = null;
      if (file != null) {
        file.close();
      }
    }

    /** Ends without a hint, after a failure or because there is no use for it. */
    public void abort() throws IOException {
      StorageIo.Output file = out;
      out = null;
      if (file != null) {
        try (file) {
          io.delete(of(segment.file()));
        }
      }
    }

    private void writeBlock() throws IOException {
      INT.set(block, COUNT_AT, (used - BLOCK_BYTES) / ENTRY_BYTES);
      LONG.set(block, END_AT, end);
      LONG.set(block, SEQUENCE_AT, sequence);
      INT.set(block, CRC_AT, SegmentFormat.crc(block, COVERED_AT, used));
      StorageIo.Output file = out;
      if (file == null) {
        Path path = of(segment.file());
        io.delete(path);
        file = io.create(path, 0);
        out = file;
        file.write(head(segment.header()), 0, HEADER_BYTES);
      }
      file.write(block, 0, used);
      used = BLOCK_BYTES;
    }
  }
}
