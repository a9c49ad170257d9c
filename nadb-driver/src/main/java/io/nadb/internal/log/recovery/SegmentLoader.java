package io.nadb.internal.log.recovery;

import io.nadb.CorruptStoreException;
import io.nadb.internal.log.format.Content;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.ContentWindow;
import io.nadb.internal.log.segment.HintFile;
import io.nadb.internal.log.segment.IndexBatch;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentChain;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.SlotGroups;
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
  private final SegmentSet state;
  private final LoadMeter meter;

  SegmentLoader(SegmentSet state, LoadMeter meter) {
    this.state = state;
    this.meter = meter;
  }

  /**
   * A segment that has been read.
   *
   * @param hinted what is known of its beginning; empty if there is no hint
   * @param records what it has from there on
   * @param sequence the sequence number of its last whole cut; 0 if it has none
   * @param time when that was made, if it is the log's last cut; else some time before
   * @param needed the sequence number up to which the log must reach
   * @param part counts what is read of it
   */
  record Loaded(
      Segment segment,
      List<SlotGroups> hinted,
      IndexBatch records,
      long sequence,
      long time,
      long needed,
      LoadMeter.Part part) {

    void close() {
      segment.content().close();
    }
  }

  /**
   * A segment whose file is open: what is read of it from now on is of this very file, whatever
   * becomes of its name.
   *
   * @param next the one after it; null if it is the last, whose end may be torn
   * @param length how much of the file there is to read
   * @param hint the last one's, read before its length: it may grow; else null
   */
  record Opened(
      SegmentChain.Link link,
      SegmentChain.@Nullable Link next,
      Content content,
      long length,
      HintFile.@Nullable Hint hint) {

    void close() {
      content.close();
    }
  }

  /** Opens a segment of a log. */
  Opened open(List<SegmentChain.Link> links, int number) throws IOException {
    SegmentChain.Link link = links.get(number);
    Path file = link.file();
    boolean last = number + 1 == links.size();
    HintFile.Hint hint = last ? HintFile.read(file, link.header()) : null;
    long length = checkedLength(file);
    if (last && !isComplete(link)) {
      length = SegmentProbe.lengthWithoutRoom(file, link.header().length(), length);
    }
    Content content = state.contents().open(file, length);
    return new Opened(link, last ? null : links.get(number + 1), content, length, hint);
  }

  /**
   * Reads a segment.
   *
   * @throws CorruptStoreException if anything does not fit but the end of the last one
   */
  Loaded load(Opened opened) throws IOException {
    try {
      return read(opened);
    } catch (Throwable e) {
      opened.close();
      throw e;
    }
  }

  private Loaded read(Opened opened) throws IOException {
    SegmentChain.Link link = opened.link;
    SegmentChain.Link next = opened.next;
    Content content = opened.content;
    Path file = link.file();
    SegmentHeader header = link.header();
    long limit = limit(link, next, opened.length);
    HintFile.Hint hint = next == null ? opened.hint : HintFile.read(file, header);
    long from = header.length();
    long sequence = 0;
    if (hint != null) {
      if (hint.end() > limit) {
        throw endsEarly(file, hint.end(), limit);
      }
      from = hint.end();
      sequence = hint.sequence();
    }
    LoadMeter.Part part = meter.part(opened.length);
    part.reach(from);
    int handle = state.nextHandle();
    IndexBatch records = new IndexBatch();
    SegmentScanner scanner =
        new SegmentScanner(
            file, ContentWindow.over(content, limit), state.hasher(), header.version());
    SegmentScanner.Checked checked =
        scanner.check(
            from,
            limit,
            next == null && !isComplete(link),
            record -> {
              records.add(state.fingerprint(record), record, handle);
              part.reach(record.end());
            });
    records.truncate(checked.records());
    long time = header.time();
    long needed = 0;
    if (next == null || isOneCut(header)) {
      SegmentScanner.Commit commit =
          checked.end() == header.length() ? null : scanner.commitBefore(checked.end());
      if (commit == null && isOneCut(header)) {
        throw new CorruptStoreException(file, checked.end(), "the segment is cut off");
      }
      if (commit != null) {
        time = commit.time();
        needed = commit.needed();
      }
    }
    Segment segment = new Segment(handle, file, header, content, checked.end());
    segment.setHinted(hint != null && hint.isWhole() && hint.end() == checked.end());
    List<SlotGroups> hinted = hint == null ? List.of() : SlotGroups.of(hint, handle);
    return new Loaded(
        segment, hinted, records, Math.max(sequence, checked.sequence()), time, needed, part);
  }

  /** Whether a segment is a single cut, which was on disk before the segment had its name. */
  private static boolean isOneCut(SegmentHeader header) {
    return header.isCompacted() && header.version() > 1;
  }

  /** Whether nothing can have been interrupted while it was written to the segment. */
  private static boolean isComplete(SegmentChain.Link link) {
    return link.end() > 0 || isOneCut(link.header());
  }

  /** Where a segment ends, which others may know even if there is a rest after it. */
  private static long limit(SegmentChain.Link link, SegmentChain.@Nullable Link next, long length) {
    long end = link.end();
    if (end == 0
        && !link.header().isCompacted()
        && next != null
        && next.header().ordinal() == link.header().ordinal() + 1) {
      end = next.header().previousEnd();
    }
    if (end > length) {
      throw endsEarly(link.file(), end, length);
    }
    return end == 0 ? length : end;
  }

  private static CorruptStoreException endsEarly(Path file, long expected, long found) {
    return new CorruptStoreException(
        file, found, "the segment was written up to offset " + expected + " but ends here");
  }

  /** Returns a segment's length, which must be one that a segment can have. */
  static long checkedLength(Path file) throws IOException {
    long length = Files.size(file);
    if (length > Integer.MAX_VALUE) {
      throw new CorruptStoreException(file, 0, "the segment is longer than any can be");
    }
    return length;
  }
}
