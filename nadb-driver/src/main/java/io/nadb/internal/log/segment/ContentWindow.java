package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.Content;
import io.nadb.internal.log.format.SegmentFormat;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that is gone through from front to end, by one thread: read in pieces, so that items of a
 * few bytes each do not cost a call of the operating system each.
 */
public final class ContentWindow implements Content {
  /** Few enough for no garbage collector to find the array large. */
  private static final int PIECE_BYTES = 256 << 10;

  private final Content content;

  /** Where the content ends that may be read. */
  private final long limit;

  private byte[] piece = {};
  private long start;

  private ContentWindow(Content content, long limit) {
    this.content = content;
    this.limit = limit;
  }

  /** Gives content in a form to be gone through up to a limit: a map as it is. */
  public static Content over(Content content, long limit) {
    return content instanceof MappedFile ? content : new ContentWindow(content, limit);
  }

  @Override
  public void get(long offset, byte[] to, int at, int length) {
    if (length >= PIECE_BYTES || offset + length > limit) {
      content.get(offset, to, at, length);
    } else {
      int from = find(offset, length);
      System.arraycopy(piece, from, to, at, length);
    }
  }

  @Override
  public byte byteAt(long offset) {
    int at = find(offset, 1);
    return piece[at];
  }

  @Override
  public int intAt(long offset) {
    int at = find(offset, Integer.BYTES);
    return (int) SegmentFormat.INT.get(piece, at);
  }

  /** Sees to it that so many bytes from an offset on are in the piece; returns where. */
  private int find(long offset, int length) {
    if (offset < start || offset + length > start + piece.length) {
      int size = (int) Math.min(PIECE_BYTES, limit - offset);
      byte[] read = piece.length == size ? piece : new byte[size];
      piece = new byte[0]; // Should reading fail.
      content.get(offset, read, 0, size);
      piece = read;
      start = offset;
    }
    return (int) (offset - start);
  }

  @Override
  public void checkReads() {
    content.checkReads();
  }

  @Override
  public void renamed(Path to) {
    content.renamed(to);
  }

  @Override
  public void detach() throws IOException {
    content.detach();
  }

  @Override
  public void close() {
    content.close();
  }
}
