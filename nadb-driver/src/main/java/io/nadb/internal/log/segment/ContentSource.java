package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.Content;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Opens the log's files for reading: through maps as long as all of the log fits into the memory
 * that the store counts on, and by position from then on. A map is faster while its pages are in
 * memory; when they are not, the operating system reads what lies around them too, up to megabytes
 * for each record, and throws out as much that is needed.
 */
public final class ContentSource {
  /** So many segments are gone over to the other way in one step. */
  private static final int STEP_SEGMENTS = 16;

  private final long memoryBytes;
  private final boolean detached;
  private volatile boolean byPosition;

  public ContentSource(long memoryBytes) {
    this(memoryBytes, false);
  }

  private ContentSource(long memoryBytes, boolean detached) {
    this.memoryBytes = memoryBytes;
    this.detached = detached;
  }

  /**
   * For who does not own the files: each is read as it was opened, whatever becomes of its name.
   */
  public static ContentSource detached(long memoryBytes) {
    return new ContentSource(memoryBytes, true);
  }

  /** Opens a file, which must have so many bytes. */
  public Content open(Path file, long length) throws IOException {
    if (!byPosition) {
      return MappedFile.map(file, length);
    }
    Content content = new PositionedFile(file);
    try {
      if (detached) {
        content.detach();
      }
      return content;
    } catch (Throwable e) {
      content.close();
      throw e;
    }
  }

  /**
   * Takes notice of how long the log is. A log that grows and shrinks around the limit is not read
   * one way, then the other, all the time.
   */
  public void logHas(long bytes) {
    if (bytes >= memoryBytes) {
      byPosition = true;
    } else if (bytes <= memoryBytes / 4 * 3) {
      byPosition = false;
    }
  }

  /** Whether files are read by position, since memory does not have all of them. */
  public boolean isByPosition() {
    return byPosition;
  }

  /**
   * Has some segments read in the way that suits the log's length; returns whether there is more.
   *
   * @param last the segment that cuts are appended to; it is mapped only when it has its length
   */
  public boolean step(SegmentSet state, @Nullable Segment last) throws IOException {
    logHas(state.totalBytes());
    int count = 0;
    for (Segment segment : state.segments()) {
      boolean suits = segment.content() instanceof PositionedFile == byPosition;
      if (suits || !segment.isNamed() || (segment == last && !byPosition)) {
        continue;
      }
      if (count == STEP_SEGMENTS) {
        return true;
      }
      state.retirement().retire(segment.replaceContent(open(segment.file(), segment.end())));
      count++;
    }
    return false;
  }
}
