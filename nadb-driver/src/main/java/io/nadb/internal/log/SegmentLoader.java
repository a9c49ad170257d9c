package io.nadb.internal.log;

import io.nadb.CorruptStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment when a log is opened: maps it, checks what no hint covers, and lists its records.
 *
 * <p>Reading one needs nothing that reading another finds out, so several are read at a time.
 */
final class SegmentLoader {
  private final LogState state;

  SegmentLoader(LogState state) {
    this.state = state;
  }

  /**
   * A segment that has been read.
   *
   * @param hinted what is known of its beginning; empty if there is no hint
   * @param records what it has from there on
   * @param sequence the sequence number of its last whole cut; 0 if it has none
   */
  record Loaded(Segment segment, List<SlotGroups> hinted, WrittenRecords records, long sequence) {

    void close() {
      segment.content().close();
    }
  }

  /**
   * Reads a segment.
   *
   * @param next the one after it; null if it is the last, whose end may be torn
   * @throws CorruptStoreException if anything else does not fit
   */
  Loaded load(LogFiles.Found found, LogFiles.@Nullable Found next) throws IOException {
    Path file = found.file();
    long length = checkedLength(file);
    if (next == null) {
      length = Survey.lengthWithoutRoom(file, length);
    }
    Content content = state.contents().open(file, length);
    try {
      return load(found, content, length, next);
    } catch (Throwable e) {
      content.close();
      throw e;
    }
  }

  private Loaded load(
      LogFiles.Found found, Content content, long length, LogFiles.@Nullable Found next)
      throws IOException {
    Path file = found.file();
    SegmentFormat.Header header = SegmentFormat.readHeader(file, content, found.ordinal());
    checkOwner(file, header);
    long limit = header.generation() > 0 ? length : endByNext(found, next, length);
    HintFile.Hint hint = HintFile.read(file, header);
    long from = SegmentFormat.HEADER_BYTES;
    long sequence = 0;
    if (hint != null) {
      if (hint.end() > limit) {
        throw new CorruptStoreException(
            file, limit, "the segment was written up to offset " + hint.end() + " but ends");
      }
      from = hint.end();
      sequence = hint.sequence();
    }
    int handle = state.nextHandle();
    WrittenRecords records = new WrittenRecords();
    SegmentScanner.Checked checked =
        new SegmentScanner(file, ContentWindow.over(content, limit), state.hasher())
            .check(
                from,
                limit,
                next == null,
                record -> records.add(state.fingerprint(record), record, handle));
    records.truncate(checked.records());
    Segment segment = new Segment(handle, file, header, content, checked.end());
    segment.setHinted(hint != null && hint.isWhole() && hint.end() == checked.end());
    List<SlotGroups> hinted = hint == null ? List.of() : SlotGroups.of(hint, handle);
    return new Loaded(segment, hinted, records, Math.max(sequence, checked.sequence()));
  }

  /** Returns a segment's length, which must be one that a segment can have. */
  static long checkedLength(Path file) throws IOException {
    long length = Files.size(file);
    if (length > Integer.MAX_VALUE) {
      throw new CorruptStoreException(file, 0, "the segment is longer than any can be");
    }
    if (length < SegmentFormat.HEADER_BYTES) {
      throw new CorruptStoreException(file, length, "the segment's header is cut off");
    }
    return length;
  }

  /** Reads a segment's header alone. */
  static SegmentFormat.Header header(LogFiles.Found found) throws IOException {
    Content content = new PositionedFile(found.file());
    try {
      return SegmentFormat.readHeader(found.file(), content, found.ordinal());
    } finally {
      content.close();
    }
  }

  private void checkOwner(Path file, SegmentFormat.Header header) {
    if (!state.header(header.ordinal(), header.generation(), header.previousEnd()).equals(header)) {
      throw new CorruptStoreException(file, 32, "the segment belongs to another store: its secret");
    }
  }

  /** Where a segment ends, which its successor knows even if there is a rest after it. */
  private long endByNext(LogFiles.Found found, LogFiles.@Nullable Found next, long length)
      throws IOException {
    if (next == null
        || next.ordinal() != found.ordinal() + 1
        || Files.size(next.file()) < SegmentFormat.HEADER_BYTES) {
      return length;
    }
    SegmentFormat.Header header = header(next);
    checkOwner(next.file(), header);
    long end = header.previousEnd();
    if (end > length) {
      throw new CorruptStoreException(
          found.file(), length, "the segment was written up to offset " + end + " but ends");
    }
    return end;
  }
}
