package io.nadb.internal.log;

import io.nadb.spi.StorageIo;
import java.io.IOException;
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
  /** A log that is smaller is read before a thread has begun. */
  private static final long WORTH_A_THREAD_BYTES = 1 << 20;

  private static final int PART_BYTES = 1 << 18;

  private final Path directory;
  private final StorageIo io;
  private final ContentSource contents;
  private @Nullable LogState state;
  private long sequence;

  private Recovery(Path directory, StorageIo io, ContentSource contents) {
    this.directory = directory;
    this.io = io;
    this.contents = contents;
  }

  /** An opened log. */
  record Recovered(LogState state, @Nullable Segment last, long sequence) {}

  static Recovered open(Path directory, StorageIo io, ContentSource contents) throws IOException {
    Recovery recovery = new Recovery(directory, io, contents);
    try {
      return recovery.run();
    } catch (Throwable e) {
      if (recovery.state != null) {
        recovery.state.closeContents();
      }
      throw e;
    }
  }

  private Recovered run() throws IOException {
    List<LogFiles.Found> found = LogFiles.segments(directory);
    contents.logHas(bytes(found));
    while (!found.isEmpty() && isUnused(found.get(found.size() - 1), found.size() > 1)) {
      io.delete(found.remove(found.size() - 1).file());
    }
    if (found.isEmpty()) {
      deleteLeftovers();
      io.syncDirectory(directory);
      SecureRandom random = new SecureRandom();
      return new Recovered(
          new LogState(directory, contents, random.nextLong(), random.nextLong()), null, 0);
    }
    LogState opened = begin(found);
    state = opened;
    Segment last = null;
    try (ReadAhead<SegmentLoader.Loaded> segments = readAhead(opened, found)) {
      for (int i = 0; i < found.size(); i++) {
        last = add(opened, segments.next());
      }
    }
    opened.index().trim();
    if (last != null) {
      settle(opened, last);
    }
    deleteLeftovers();
    io.syncDirectory(directory); // Also what a former process has deleted must not come back.
    return new Recovered(opened, last, sequence);
  }

  /** Makes an empty state with the secret of the first segment, and with room for all keys. */
  private LogState begin(List<LogFiles.Found> found) throws IOException {
    SegmentLoader.checkedLength(found.get(0).file());
    SegmentFormat.Header first = SegmentLoader.header(found.get(0));
    LogState empty = new LogState(directory, contents, first.secret0(), first.secret1());
    long expectedKeys = 0;
    for (LogFiles.Found each : found) {
      expectedKeys += Survey.records(each.file());
    }
    empty.index().reserve(expectedKeys);
    return empty;
  }

  private static ReadAhead<SegmentLoader.Loaded> readAhead(
      LogState state, List<LogFiles.Found> found) throws IOException {
    boolean alone = found.size() == 1 || bytes(found) < WORTH_A_THREAD_BYTES;
    SegmentLoader loader = new SegmentLoader(state);
    return new ReadAhead<>(
        found.size(),
        alone ? 1 : Runtime.getRuntime().availableProcessors(),
        i -> loader.load(found.get(i), i + 1 < found.size() ? found.get(i + 1) : null),
        SegmentLoader.Loaded::close);
  }

  private static long bytes(List<LogFiles.Found> found) throws IOException {
    long bytes = 0;
    for (LogFiles.Found each : found) {
      bytes += Files.size(each.file());
    }
    return bytes;
  }

  private Segment add(LogState target, SegmentLoader.Loaded loaded) {
    Segment segment = loaded.segment();
    target.add(segment);
    loaded.hinted().forEach(some -> some.publish(target, segment));
    loaded.records().publish(target, segment, position -> {});
    sequence = Math.max(sequence, loaded.sequence());
    return segment;
  }

  private void deleteLeftovers() throws IOException {
    for (Path leftover : LogFiles.leftovers(directory)) {
      io.delete(leftover);
    }
  }

  /**
   * Cuts off what is torn, and makes sure that what is whole is on disk, before anybody sees it or
   * builds upon it. Whatever a hint says: a process whose sync had failed may have cut the file
   * without being able to make that last.
   *
   * <p>What is not known to have been on disk is written once more. After a failed sync the
   * operating system may show it and yet never write it, and the next sync would tell nothing.
   */
  private void settle(LogState opened, Segment last) throws IOException {
    long unsure = last.isHinted() ? last.end() : syncedEnd(opened, last);
    try (StorageIo.Output out = io.rewrite(last.file(), unsure, last.end())) {
      byte[] part = new byte[(int) Math.min(PART_BYTES, last.end() - unsure)];
      for (long at = unsure; at < last.end(); ) {
        int length = (int) Math.min(part.length, last.end() - at);
        last.content().get(at, part, 0, length);
        out.write(part, 0, length);
        at += length;
      }
      out.sync();
    }
  }

  /** How much of a segment was on disk when its last cut was written. */
  private static long syncedEnd(LogState opened, Segment last) {
    long end = last.end();
    if (end == SegmentFormat.HEADER_BYTES || last.header().generation() > 0) {
      return end; // A header is synced before its file has its name; so is what compaction writes.
    }
    SegmentScanner.Commit commit =
        opened.scanner(last).commit(end - SegmentFormat.COMMIT_BYTES, end);
    return commit == null ? SegmentFormat.HEADER_BYTES : commit.syncedEnd();
  }

  /**
   * Whether the last segment has nothing that counts: no header, or, unless it is the only one, no
   * whole cut. Then the one before it is the last, with all that it has.
   */
  private boolean isUnused(LogFiles.Found found, boolean hasPredecessor) throws IOException {
    Path file = found.file();
    if (isStillborn(file)) {
      return true;
    }
    if (!hasPredecessor) {
      return false;
    }
    SegmentFormat.Header header = SegmentLoader.header(found);
    if (HintFile.describesCut(file, header)) {
      return false;
    }
    long length = Survey.lengthWithoutRoom(file, Math.min(Files.size(file), Integer.MAX_VALUE));
    Content content = contents.open(file, length);
    try {
      KeyHasher hasher = new KeyHasher(header.secret0(), header.secret1());
      return !new SegmentScanner(file, ContentWindow.over(content, length), hasher)
          .hasCut(SegmentFormat.HEADER_BYTES, length);
    } finally {
      content.close();
    }
  }

  /** Whether the last segment was being created when the process ended: nothing is in it yet. */
  private boolean isStillborn(Path file) throws IOException {
    if (Files.exists(HintFile.of(file))) {
      return false;
    }
    long length = Math.min(Files.size(file), Integer.MAX_VALUE);
    if (length < SegmentFormat.HEADER_BYTES) {
      return true;
    }
    Content content = contents.open(file, length);
    try {
      Content scanned = ContentWindow.over(content, length);
      for (long at = 0; at + Integer.BYTES <= length; at += Integer.BYTES) {
        if (scanned.intAt(at) != 0) {
          return false;
        }
      }
      return true;
    } finally {
      content.close();
    }
  }
}
