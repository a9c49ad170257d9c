package io.nadb.internal.log;

import io.nadb.CorruptStoreException;
import io.nadb.internal.log.append.LogEnd;
import io.nadb.internal.log.format.Content;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.LogIdentity;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.ContentWindow;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.PinnedFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * The segments of a log at one cut, which stay readable until this is closed: whoever compacts them
 * away takes their names, and what they are read through stays.
 */
public final class PinnedLog implements PinnedFiles {
  private final SegmentSet state;
  private final int ticket;
  private final LogEnd end;
  private final Instant pinned;
  private final long keys;
  private final List<PinnedSegment> segments = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Pins what there is, for a caller who has come in by the gate, which {@link #close} leaves; no
   * cut is being applied.
   *
   * @param ticket what the gate has given
   * @param end where the log ends; all of it is on disk
   * @param now when this is
   */
  PinnedLog(SegmentSet state, int ticket, LogEnd end, Instant now) {
    this.state = state;
    this.ticket = ticket;
    this.end = end;
    this.pinned = now;
    this.keys = state.index().size();
    long covered = 0;
    for (Segment segment : state.segments()) {
      // While compaction leads readers over, those that it has replaced are still there.
      boolean counts = segment.ordinal() > covered;
      if (counts && (!segment.isEmpty() || segment != end.segment())) {
        segments.add(new PinnedSegment(segment, segment.content(), segment.syncedEnd()));
        covered = segment.header().covers();
      }
    }
  }

  /** A segment, up to where it had come. */
  public final class PinnedSegment {
    private final Segment segment;
    private final Content content;
    private final long length;

    PinnedSegment(Segment segment, Content content, long length) {
      this.segment = segment;
      this.content = content;
      this.length = length;
    }

    public SegmentHeader header() {
      return segment.header();
    }

    public String name() {
      return String.valueOf(segment.file().getFileName());
    }

    public long length() {
      return length;
    }

    /** Copies bytes of it. */
    public void get(long offset, byte[] to, int count) {
      try {
        content.get(offset, to, 0, count);
        content.checkReads();
      } catch (InternalError e) {
        throw UnreadablePage.in(state, e);
      }
    }

    /**
     * Checks the header, each record and each cut.
     *
     * @param progress is given up to which offset it has come, record by record
     * @throws CorruptStoreException if one is not as it was written
     */
    public void check(LongConsumer progress) {
      try {
        LogFiles.Found found = new LogFiles.Found(header().ordinal(), segment.file());
        if (!SegmentHeader.of(found, content, length).equals(header())) {
          throw new CorruptStoreException(segment.file(), 0, "the header is not what it was");
        }
        SegmentScanner.Checked checked =
            new SegmentScanner(
                    segment.file(),
                    ContentWindow.over(content, length),
                    state.hasher(),
                    header().version())
                .check(segment.start(), length, false, record -> progress.accept(record.end()));
        if (checked.end() != length) {
          throw new CorruptStoreException(segment.file(), checked.end(), "the log is damaged");
        }
      } catch (InternalError e) {
        throw UnreadablePage.in(state, e);
      }
    }
  }

  @Override
  public Path directory() {
    return Objects.requireNonNull(state.directory().getParent());
  }

  @Override
  public long sequence() {
    return end.sequence();
  }

  /** When the last cut was made, in milliseconds since 1970. */
  public long time() {
    return end.time();
  }

  /** When this was. */
  public Instant pinned() {
    return pinned;
  }

  /** How many keys there are. */
  public long keys() {
    return keys;
  }

  public LogIdentity identity() {
    return state.witness().identity();
  }

  /** The segments that count, by ordinal. */
  public List<PinnedSegment> segments() {
    return segments;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      state.gate().exit(ticket);
    }
  }
}
