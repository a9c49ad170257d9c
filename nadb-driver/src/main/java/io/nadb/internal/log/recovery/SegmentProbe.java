package io.nadb.internal.log.recovery;

import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.segment.HintFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A first look at a segment's file, without checking anything: how much there is to read. */
public final class SegmentProbe {
  private static final int PART_BYTES = 1 << 16;
  private static final byte[] ZEROS = new byte[PART_BYTES];

  private SegmentProbe() {}

  /**
   * Where the zeros begin up to which a segment was not filled. They are not looked at through a
   * map: a file system in memory that is full (tmpfs) has no page to show a hole with. No whole cut
   * is lost by this, since a cut ends with a seal.
   *
   * @param from where the segment's header ends
   */
  public static long lengthWithoutRoom(Path file, long from, long length) throws IOException {
    byte[] part = new byte[PART_BYTES];
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
      for (long end = length; end > from; ) {
        int size = (int) Math.min(part.length, end - from);
        content.seek(end - size);
        content.readFully(part, 0, size);
        if (!Arrays.equals(part, 0, size, ZEROS, 0, size)) {
          int last = size - 1;
          while (part[last] == 0) {
            last--;
          }
          return Math.min(length, SegmentFormat.padded(end - size + last + 1));
        }
        end -= size;
      }
    }
    return from;
  }

  /**
   * About how many records a segment has: as its hint says, or as many as there would be if all
   * were as long as the first ones.
   *
   * @param from where the segment's header ends
   */
  static long records(Path file, long from) throws IOException {
    long hinted = HintFile.countAtMost(file);
    return hinted > 0 ? hinted : recordsByLength(file, from);
  }

  private static long recordsByLength(Path file, long from) throws IOException {
    byte[] start = new byte[PART_BYTES];
    long length = Files.size(file);
    int size;
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
      size = Math.max(0, content.read(start));
    }
    long count = 0;
    long at = from;
    while (at + SegmentFormat.RECORD_BYTES <= size) {
      long item =
          ((int) SegmentFormat.INT.get(start, (int) at + SegmentFormat.LENGTH_AT)) & 0xffff_ffffL;
      if (item < SegmentFormat.RECORD_BYTES) {
        break;
      }
      at += SegmentFormat.padded(item);
      count++;
    }
    return count == 0 ? 0 : (long) (count * ((double) length / at)) + 1;
  }
}
