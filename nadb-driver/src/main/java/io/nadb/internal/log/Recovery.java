package io.nadb.internal.log;

import io.nadb.CorruptStoreException;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a log: finds the last whole cut, and fills the index by replaying the segments in order,
 * from hints as far as they reach.
 *
 * <p>Only the end of the last segment may be torn. Anything else that does not fit is reported,
 * with file and offset, and nothing is changed.
 */
final class Recovery {
  private static final int PART_BYTES = 1 << 16;
  private static final int INDEXED_AT_ONCE = 4096;

  private final Path directory;
  private final StorageIo io;
  private @Nullable LogState state;
  private long sequence;
  private long expectedKeys;

  private Recovery(Path directory, StorageIo io) {
    this.directory = directory;
    this.io = io;
  }

  /** An opened log. */
  record Recovered(LogState state, @Nullable Segment last, long sequence) {}

  static Recovered open(Path directory, StorageIo io) throws IOException {
    Recovery recovery = new Recovery(directory, io);
    try {
      return recovery.run();
    } catch (IOException | RuntimeException | Error e) {
      if (recovery.state != null) {
        recovery.state.segments().forEach(segment -> segment.mapping().unmap());
      }
      throw e;
    }
  }

  private Recovered run() throws IOException {
    List<LogFiles.Found> found = LogFiles.segments(directory);
    while (!found.isEmpty() && isUnused(found.get(found.size() - 1), found.size() > 1)) {
      io.delete(found.remove(found.size() - 1).file());
    }
    for (LogFiles.Found each : found) {
      expectedKeys += HintFile.countAtMost(each.file());
    }
    Segment last = null;
    for (int i = 0; i < found.size(); i++) {
      last = recover(found.get(i), i + 1 < found.size() ? found.get(i + 1) : null);
    }
    if (state != null) {
      state.index().trim();
    }
    if (last != null && !last.isHinted()) {
      settle(last);
    }
    for (Path leftover : LogFiles.leftovers(directory)) {
      io.delete(leftover);
    }
    return new Recovered(state(new SecureRandom()), last, sequence);
  }

  /**
   * Cuts off what is torn, and makes sure that what is whole is on disk before it is built upon.
   */
  private void settle(Segment last) throws IOException {
    try (StorageIo.Output out = io.open(last.file(), last.end(), last.end())) {
      out.sync();
    }
  }

  /** The state, with a new secret if there is no segment that has one. */
  private LogState state(SecureRandom random) {
    LogState known = state;
    return known != null ? known : new LogState(directory, random.nextLong(), random.nextLong());
  }

  private Segment recover(LogFiles.Found found, LogFiles.@Nullable Found next) throws IOException {
    Path file = found.file();
    long length = Files.size(file);
    if (length > Integer.MAX_VALUE) {
      throw new CorruptStoreException(file, 0, "the segment is longer than any can be");
    }
    if (length < SegmentFormat.HEADER_BYTES) {
      throw new CorruptStoreException(file, length, "the segment's header is cut off");
    }
    if (next == null) {
      length = lengthWithoutRoom(file, length);
    }
    MappedFile mapping = MappedFile.map(file, length);
    try {
      return replay(found, mapping, length, next);
    } catch (IOException | RuntimeException | Error e) {
      mapping.unmap();
      throw e;
    }
  }

  /**
   * Whether the last segment has nothing that counts: no header, or, unless it is the only one, no
   * whole cut. Then the one before it is the last, with all that it has.
   */
  private static boolean isUnused(LogFiles.Found found, boolean hasPredecessor) throws IOException {
    Path file = found.file();
    if (isStillborn(file)) {
      return true;
    }
    if (!hasPredecessor) {
      return false;
    }
    long length = lengthWithoutRoom(file, Math.min(Files.size(file), Integer.MAX_VALUE));
    MappedFile mapping = MappedFile.map(file, length);
    try {
      SegmentFormat.Header header =
          SegmentFormat.readHeader(file, mapping.buffer(), found.ordinal());
      HintFile.Hint hint = HintFile.read(file, header);
      if (hint != null && hint.end() > SegmentFormat.HEADER_BYTES) {
        return false;
      }
      KeyHasher hasher = new KeyHasher(header.secret0(), header.secret1());
      return !new SegmentScanner(file, mapping.buffer(), hasher)
          .hasCut(SegmentFormat.HEADER_BYTES, length);
    } finally {
      mapping.unmap();
    }
  }

  /** Whether the last segment was being created when the process ended: nothing is in it yet. */
  private static boolean isStillborn(Path file) throws IOException {
    if (Files.exists(HintFile.of(file))) {
      return false;
    }
    long length = Files.size(file);
    if (length < SegmentFormat.HEADER_BYTES) {
      return true;
    }
    MappedFile mapping = MappedFile.map(file, Math.min(length, Integer.MAX_VALUE));
    try {
      ByteBuffer content = mapping.buffer();
      for (int at = 0; at + Long.BYTES <= content.limit(); at += Long.BYTES) {
        if (content.getLong(at) != 0) {
          return false;
        }
      }
      return true;
    } finally {
      mapping.unmap();
    }
  }

  /**
   * Where the zeros begin up to which a segment was not filled. They are not looked at through a
   * map: a file system in memory that is full (tmpfs) has no page to show a hole with. No whole cut
   * is lost by this, since a cut ends with a seal.
   */
  private static long lengthWithoutRoom(Path file, long length) throws IOException {
    byte[] part = new byte[PART_BYTES];
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
      for (long end = length; end > SegmentFormat.HEADER_BYTES; ) {
        int size = (int) Math.min(part.length, end - SegmentFormat.HEADER_BYTES);
        content.seek(end - size);
        content.readFully(part, 0, size);
        for (int i = size - 1; i >= 0; i--) {
          if (part[i] != 0) {
            return Math.min(length, SegmentFormat.padded(end - size + i + 1));
          }
        }
        end -= size;
      }
    }
    return SegmentFormat.HEADER_BYTES;
  }

  private Segment replay(
      LogFiles.Found found, MappedFile mapping, long length, LogFiles.@Nullable Found next)
      throws IOException {
    ByteBuffer content = mapping.buffer();
    SegmentFormat.Header header = SegmentFormat.readHeader(found.file(), content, found.ordinal());
    LogState known = state;
    if (known == null) {
      known = new LogState(directory, header.secret0(), header.secret1());
      known.index().reserve(expectedKeys);
      state = known;
    }
    checkOwner(known, found.file(), header);
    long limit = header.generation() > 0 ? length : endByNext(known, found, next, length);
    HintFile.Hint hint = HintFile.read(found.file(), header);
    long from = SegmentFormat.HEADER_BYTES;
    if (hint != null) {
      if (hint.end() > limit) {
        throw new CorruptStoreException(
            found.file(),
            limit,
            "the segment was written up to offset " + hint.end() + " but ends");
      }
      from = hint.end();
      sequence = Math.max(sequence, hint.sequence());
    }
    SegmentScanner scanner = new SegmentScanner(found.file(), content, known.hasher());
    int handle = known.nextHandle();
    WrittenRecords records = new WrittenRecords();
    LogState target = known;
    SegmentScanner.Checked checked =
        scanner.check(
            from,
            limit,
            next == null,
            record -> records.add(target.fingerprint(record), record, handle));
    records.truncate(checked.records());
    sequence = Math.max(sequence, checked.sequence());
    Segment segment = new Segment(handle, found.file(), header, mapping, checked.end());
    known.add(segment);
    if (hint != null) {
      index(known, segment, hint);
    }
    records.publish(known, segment, position -> {});
    segment.setHinted(hint != null && hint.end() == checked.end());
    return segment;
  }

  private static void checkOwner(LogState state, Path file, SegmentFormat.Header header) {
    if (!state.header(header.ordinal(), header.generation(), header.previousEnd()).equals(header)) {
      throw new CorruptStoreException(file, 32, "the segment belongs to another store: its secret");
    }
  }

  /** Where a segment ends, which its successor knows even if there is a rest after it. */
  private static long endByNext(
      LogState state, LogFiles.Found found, LogFiles.@Nullable Found next, long length)
      throws IOException {
    if (next == null
        || next.ordinal() != found.ordinal() + 1
        || Files.size(next.file()) < SegmentFormat.HEADER_BYTES) {
      return length;
    }
    MappedFile mapping = MappedFile.map(next.file(), SegmentFormat.HEADER_BYTES);
    try {
      SegmentFormat.Header header =
          SegmentFormat.readHeader(next.file(), mapping.buffer(), next.ordinal());
      checkOwner(state, next.file(), header);
      long end = header.previousEnd();
      if (end > length) {
        throw new CorruptStoreException(
            found.file(), length, "the segment was written up to offset " + end + " but ends");
      }
      return end;
    } finally {
      mapping.unmap();
    }
  }

  private static void index(LogState state, Segment segment, HintFile.Hint hint) {
    WrittenRecords records = new WrittenRecords();
    hint.forEach(
        (first, second, stored) -> {
          records.add(first, second, Position.withHandle(stored, segment.handle()));
          if (records.count() == INDEXED_AT_ONCE) {
            records.publish(state, segment, position -> {});
            records.clear();
          }
        });
    records.publish(state, segment, position -> {});
  }
}
