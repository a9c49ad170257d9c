package io.nadb.internal.log.segment;

import io.nadb.CorruptStoreException;
import io.nadb.internal.log.format.Content;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.index.Preloading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A file of the log, as readers know it, with the bookkeeping of what in it is still current.
 *
 * <p>A segment replaced by compaction is another object with another handle, so a position always
 * names the file it was made for.
 */
public final class Segment {
  private static final int CACHE_LINE = 64;

  /** Larger records are read in two: the value then goes to its own array at once. */
  private static final int MAX_AT_ONCE = 64 << 10;

  private final int handle;
  private final Path file;
  private final SegmentHeader header;
  private final AtomicReference<Content> content;
  private volatile long end;
  private volatile long syncedEnd;
  private volatile long publishedEnd;
  private volatile boolean hinted;
  private volatile boolean removed;
  private volatile boolean named = true;

  /** How many records set a key, and how many of them are current, or have a current value. */
  private final AtomicLong sets = new AtomicLong();

  private final AtomicLong live = new AtomicLong();
  private final AtomicReference<@Nullable StaleBitmap> outdated = new AtomicReference<>();
  private final AtomicLong liveBytes = new AtomicLong();
  private final AtomicLong deleteBytes = new AtomicLong();

  public Segment(int handle, Path file, SegmentHeader header, Content content, long end) {
    this.handle = handle;
    this.file = file;
    this.header = header;
    this.content = new AtomicReference<>(content);
    this.end = end;
    this.syncedEnd = end;
    this.publishedEnd = end;
  }

  public int handle() {
    return handle;
  }

  public Path file() {
    return file;
  }

  public SegmentHeader header() {
    return header;
  }

  public long ordinal() {
    return header.ordinal();
  }

  /** Where the header ends, and the first cut begins. */
  public long start() {
    return header.length();
  }

  /** Whether no cut has been written to it. */
  public boolean isEmpty() {
    return end == start();
  }

  /** What is in the file, as records are read one by one. */
  public Content content() {
    return Objects.requireNonNull(content.get());
  }

  /** What is in the file, up to an offset, as it is gone through from front to end. */
  Content scanned(long limit) {
    return ContentWindow.over(content(), limit);
  }

  /** Has the file read in another way; returns the one before, to be closed. */
  public Content replaceContent(Content other) {
    return Objects.requireNonNull(content.getAndSet(other));
  }

  /**
   * How much to read at first of a record that is wanted with its value: through a map, what holds
   * most heads; by position, all of a record that is not large, as each call costs more than bytes.
   */
  int firstBytes(long position) {
    return content() instanceof MappedFile
        ? LogRecord.INITIAL_BYTES
        : (int)
            Math.max(LogRecord.INITIAL_BYTES, Math.min(MAX_AT_ONCE, Position.sizeAtMost(position)));
  }

  /** Where the content ends that readers may see. */
  public long end() {
    return end;
  }

  /** Where the content ends that is on disk. */
  public long syncedEnd() {
    return syncedEnd;
  }

  public void extend(long newEnd) {
    end = newEnd;
  }

  /** Where the content ends of which the index knows all. */
  public long publishedEnd() {
    return publishedEnd;
  }

  /** Notes that the index knows all of it. */
  void published() {
    publishedEnd = end;
  }

  public void synced() {
    syncedEnd = end;
  }

  /** Takes back what was not synced. */
  public void retreat() {
    end = syncedEnd;
  }

  public boolean isHinted() {
    return hinted;
  }

  public void setHinted(boolean complete) {
    hinted = complete;
  }

  /** Notes that {@link SegmentSet} no longer has it. */
  void remove() {
    removed = true;
  }

  /**
   * To be called before its file's name is given to another, or is deleted: whoever reads it goes
   * on with what is open.
   */
  public void loseName() throws IOException {
    named = false; // First: a content that comes later could not be opened by that name.
    content().detach();
  }

  /** Whether its file can be opened by its name. */
  boolean isNamed() {
    return named;
  }

  /** Whether it has been compacted away; then only those read it who were there before. */
  public boolean isRemoved() {
    return removed;
  }

  /** Books records. */
  public void add(long count, long bytes, long bytesOfDeletes) {
    sets.addAndGet(count);
    live.addAndGet(count);
    liveBytes.addAndGet(bytes);
    deleteBytes.addAndGet(bytesOfDeletes);
  }

  /** Books that a record is no longer needed: its key has another one, or none. */
  public void outdate(long position) {
    live.decrementAndGet();
    liveBytes.addAndGet(-Position.size(position));
  }

  /** Notes for {@link #isOutdated} that a record is no longer its key's current one. */
  void noteOutdated(long position) {
    StaleBitmap records = outdated.get();
    if (records == null) {
      outdated.compareAndSet(null, new StaleBitmap());
      records = Objects.requireNonNull(outdated.get());
    }
    records.add(Position.offset(position));
  }

  /**
   * Whether a record is no longer its key's current one; it must have been that at some time since
   * {@link SegmentSet#trackStale}.
   */
  boolean isOutdated(long position) {
    StaleBitmap records = outdated.get();
    return records != null && records.contains(Position.offset(position));
  }

  public long live() {
    return live.get();
  }

  public long liveBytes() {
    return liveBytes.get();
  }

  public long deleteBytes() {
    return deleteBytes.get();
  }

  /** Whether a record in here could come back if the deletion that follows it were dropped. */
  public boolean hasOutdated() {
    return sets.get() > live.get();
  }

  /**
   * Reads the record at an offset that the index gave.
   *
   * @param firstBytes see {@link LogRecord#read}
   * @throws CorruptStoreException if what precedes the value is not as it was written
   */
  public LogRecord record(long offset, int firstBytes) {
    LogRecord record = soundRecord(offset, firstBytes);
    if (record == null) {
      throw damaged(offset);
    }
    return record;
  }

  /**
   * Reads the record at an offset; null if what precedes its value is not as it was written.
   *
   * @param firstBytes see {@link LogRecord#read}
   */
  @Nullable LogRecord soundRecord(long offset, int firstBytes) {
    long limit = end; // Before the content, which grows first.
    Content current = content();
    LogRecord record = LogRecord.read(file, current, offset, limit, firstBytes);
    if (record == null || !record.hasSoundHead()) {
      current.checkReads();
      return null;
    }
    return record;
  }

  /**
   * Loads a part of the content, if it is mapped; returns something that depends on it: {@link
   * Preloading}.
   */
  long preload(long offset, int length) {
    // Not up to the mapping's end: the file may have been trimmed, and what is beyond is no memory.
    long limit = Math.min(offset + length, end);
    long sum = 0;
    if (content() instanceof MappedFile mapped) {
      for (long line = offset; line < limit; line += CACHE_LINE) {
        sum += mapped.byteAt(line);
      }
      mapped.checkReads(); // Not all of it is looked at again.
    }
    return sum;
  }

  CorruptStoreException damaged(long offset) {
    return new CorruptStoreException(file, offset, "a record is damaged");
  }
}
