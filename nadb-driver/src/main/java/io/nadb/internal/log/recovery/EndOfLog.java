package io.nadb.internal.log.recovery;

import io.nadb.internal.log.format.Content;
import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.ContentSource;
import io.nadb.internal.log.segment.ContentWindow;
import io.nadb.internal.log.segment.HintFile;
import io.nadb.internal.log.segment.SegmentChain;
import io.nadb.internal.log.segment.WitnessFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells whether anything counts in the last segment of a log that nobody has closed. */
final class EndOfLog {
  private final ContentSource contents;

  EndOfLog(ContentSource contents) {
    this.contents = contents;
  }

  /**
   * Whether the last segment, which is not the only one, has no whole cut. Then the one before it
   * is the last, with all that it has.
   */
  boolean isUnused(SegmentChain.Link link) throws IOException {
    Path file = link.file();
    SegmentHeader header = link.header();
    if (link.end() > 0 || header.isCompacted() || HintFile.describesCut(file, header)) {
      return false;
    }
    long start = header.length();
    long length =
        SegmentProbe.lengthWithoutRoom(file, start, Math.min(Files.size(file), Integer.MAX_VALUE));
    Content content = contents.open(file, length);
    try {
      KeyHasher hasher = header.identity().hasher();
      return !new SegmentScanner(
              file, ContentWindow.over(content, length), hasher, header.version())
          .hasCut(start, length);
    } finally {
      content.close();
    }
  }

  /**
   * Whether the last segment was being created when the process ended: nothing is in it yet. Format
   * version 1 created them under their names.
   */
  boolean isStillborn(LogFiles.Found found, WitnessFile.@Nullable Content witness)
      throws IOException {
    Path file = found.file();
    if (Files.exists(HintFile.of(file)) || (witness != null && witness.lists(found.ordinal()))) {
      return false;
    }
    long length = Math.min(Files.size(file), Integer.MAX_VALUE);
    if (length < SegmentFormat.HEADER_BYTES_1) {
      return true;
    }
    Content content = contents.open(file, length);
    try {
      return isZero(ContentWindow.over(content, length), length);
    } finally {
      content.close();
    }
  }

  static boolean isZero(Content content, long length) {
    for (long at = 0; at + Integer.BYTES <= length; at += Integer.BYTES) {
      if (content.intAt(at) != 0) {
        return false;
      }
    }
    content.checkReads();
    return true;
  }
}
