package io.nadb.internal.log.append;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import io.nadb.internal.log.format.Content;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.segment.IndexBatch;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.Cut;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log, where cuts are appended.
 *
 * <p>After any failure the file is left as it was at its last sync and never written again, because
 * after a failed fsync nobody knows what of it is on disk, and a second fsync would report success
 * (Linux marks the pages clean). The next cut goes to a new segment, whose header says where the
 * former one ends.
 */
public final class ActiveSegment {
  private final SegmentSet state;
  private final StorageIo io;
  private final TimeSource clock;
  private final LogSettings settings;
  private final RecordListener listener;

  @GuardedBy("lock")
  private final CutEncoder encoder;

  @GuardedBy("lock")
  private final HintFollower hint;

  private final SegmentMaker maker;

  private final ReentrantLock lock = new ReentrantLock();

  /** The open file of the last segment; null if the next cut must open one. */
  @GuardedBy("lock")
  private StorageIo.@Nullable Output out;

  @GuardedBy("lock")
  private @Nullable Segment last;

  /** Whether {@link #last} may be continued. */
  @GuardedBy("lock")
  private boolean sound = true;

  @GuardedBy("lock")
  private final GivenUp givenUp = new GivenUp();

  @GuardedBy("lock")
  private long capacity;

  /** When the last cut was made; no later one is earlier. */
  @GuardedBy("lock")
  private long time;

  private volatile long sequence;
  private volatile long syncedSequence;
  private volatile boolean unsynced;
  private volatile @Nullable Segment lastSegment;

  public ActiveSegment(
      SegmentSet state,
      StorageIo io,
      TimeSource clock,
      LogSettings settings,
      RecordListener listener,
      LogEnd end) {
    this.state = state;
    this.encoder = new CutEncoder(state, settings.codec());
    this.hint = new HintFollower(io);
    this.maker = new SegmentMaker(state, io);
    this.io = io;
    this.clock = clock;
    this.settings = settings;
    this.listener = listener;
    this.last = end.segment();
    this.lastSegment = end.segment();
    this.sequence = end.sequence();
    this.syncedSequence = end.sequence();
    this.time = end.time();
  }

  /** What time it is, in milliseconds since 1970, by the clock that cuts get their times from. */
  public long now() {
    return clock.now().toEpochMilli();
  }

  /** The sequence number of the last cut. */
  public long sequence() {
    return sequence;
  }

  /** The sequence number of the last cut that is on disk. */
  public long syncedSequence() {
    return syncedSequence;
  }

  /** Whether the index may lead to records that are not on disk. */
  public boolean hasUnsynced() {
    return unsynced;
  }

  /** The segment that cuts are appended to, if there is one. */
  public @Nullable Segment lastSegment() {
    return lastSegment;
  }

  /** Goes on in a new segment: the last one stays as it is. Returns where the log ends. */
  public LogEnd roll() throws IOException {
    lock.lock();
    try {
      sound = false; // First: what could not be ended is not written again.
      seal();
      return new LogEnd(last, sequence, time);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes a cut, and lets readers find it.
   *
   * @param sync whether it is on disk when this returns, with all before it
   */
  public void append(Cut cut, boolean sync) throws IOException {
    lock.lock();
    try {
      try {
        Segment segment = segmentFor(cut);
        time = Math.max(time, now());
        boolean keepsDeletes = givenUp.isAhead() || state.cutReaders().haveSeenBeyond(sequence);
        IndexBatch records = encoder.write(cut, time, segment, output(), keepsDeletes);
        if (sync) {
          output().sync();
        } else {
          unsynced = true;
        }
        segment.extend(encoder.end());
        records.publish(state, segment, listener);
        if (sync) {
          // Last: the projection takes what is on disk but not in the index for outdated.
          segment.synced();
        }
        segment.setHinted(false);
        hint.add(records);
      } catch (Throwable e) {
        abandon(e);
        throw e;
      }
      sequence = cut.sequence();
      if (sync) {
        syncedSequence = sequence;
        hint.synced(sequence);
        unsynced = false;
        givenUp.forget();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Begins the next segment, if the last one must not be continued, with a cut of no writes. */
  public void beginNext() throws IOException {
    append(new NoWrites(sequence), true);
  }

  /** Brings to the disk what has been written. */
  public void sync() throws IOException {
    lock.lock();
    try {
      Segment segment = last;
      if (segment == null || segment.syncedEnd() == segment.end()) {
        return;
      }
      try {
        output().sync();
        segment.synced();
        syncedSequence = sequence;
        hint.synced(sequence);
        unsynced = false;
      } catch (Throwable e) {
        abandon(e);
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of memory that is kept for the next cut, unless that is being written. */
  public void rest() {
    if (lock.tryLock()) {
      try {
        encoder.rest();
        hint.rest();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Syncs, and gives back the room that was taken in advance. */
  public void close() throws IOException {
    lock.lock();
    try {
      end();
    } finally {
      try {
        hint.abort(); // If it could not be finished.
      } finally {
        lock.unlock();
      }
    }
  }

  @GuardedBy("lock")
  private void end() throws IOException {
    StorageIo.Output open = out;
    if (open != null && last != null) {
      out = null;
      try (open) {
        if (last.syncedEnd() != last.end()) {
          open.sync();
          last.synced();
          hint.synced(sequence);
        }
        open.setLength(last.end());
      }
      hint.finish();
    }
  }

  @GuardedBy("lock")
  private StorageIo.Output output() {
    if (out == null) {
      throw new IllegalStateException("no segment is open for writing");
    }
    return out;
  }

  /** Gives the segment that has room for a cut, open for writing. */
  @GuardedBy("lock")
  private Segment segmentFor(Cut cut) throws IOException {
    long room = CutEncoder.bound(cut);
    Segment segment = last;
    if (segment != null
        && sound
        && out == null
        && segment.header().version() == SegmentFormat.VERSION
        && !segment.header().isCompacted() // It is one cut, and ends where that ends.
        && segment.end() + room <= settings.segmentBytes()) {
      reopen(segment);
    }
    if (segment == null || out == null || segment.end() + room > capacity) {
      seal();
      segment = create(segment, room);
    }
    return segment;
  }

  /** Goes on with the segment that was the last one when the log was opened. */
  @GuardedBy("lock")
  private void reopen(Segment segment) throws IOException {
    // The name of a file whose maker was killed, and the deletion of one that never got a cut.
    io.syncDirectory(state.directory());
    StorageIo.Output output = io.open(segment.file(), segment.end(), settings.segmentBytes());
    try {
      state
          .retirement()
          .retire(
              segment.replaceContent(
                  state.contents().open(segment.file(), settings.segmentBytes())));
    } catch (Throwable e) {
      try (output) {
        throw e;
      }
    }
    hint.resume(segment, sequence);
    out = output;
    capacity = settings.segmentBytes();
  }

  @GuardedBy("lock")
  private Segment create(@Nullable Segment previous, long room) throws IOException {
    long ordinal = previous == null ? 1 : previous.header().covers() + 1;
    long length = Math.max(settings.segmentBytes(), room + SegmentFormat.HEADER_BYTES);
    if (length > Integer.MAX_VALUE) {
      throw new IOException(
          "a cut of up to " + room + " bytes is too large for one file; make 'buffer' smaller");
    }
    SegmentHeader header = state.header(ordinal, previous == null ? 0 : previous.syncedEnd(), time);
    Path file = LogFiles.segment(state.directory(), ordinal);
    maker.make(file, header);
    StorageIo.Output output = io.open(file, header.length(), length);
    Content content = null;
    try {
      content = state.contents().open(file, length);
      Segment segment = new Segment(state.nextHandle(), file, header, content, header.length());
      // First: whoever finds it among the segments must know that it is the last, and not to be
      // compacted.
      lastSegment = segment;
      state.add(segment);
      hint.begin(segment);
      out = output;
      capacity = length;
      sound = true;
      last = segment;
      return segment;
    } catch (Throwable e) {
      lastSegment = last;
      if (content != null) {
        content.close();
      }
      try (output) {
        throw e;
      }
    }
  }

  /** Ends the last segment, which is sound and full. */
  @GuardedBy("lock")
  private void seal() throws IOException {
    StorageIo.Output open = out;
    if (open != null && last != null) {
      if (last.syncedEnd() != last.end()) {
        open.sync();
        last.synced();
        syncedSequence = sequence;
        hint.synced(sequence);
      }
      out = null;
      try (open) {
        open.setLength(last.end());
        open.sync();
      }
      hint.finish();
    }
  }

  /**
   * Gives the last segment up after a failure. Its whole cuts stay, also those that were not
   * synced: the operating system has them. The next segment's first cut holds all of these once
   * more, and its header says that what is not synced here no longer counts; recovery goes by that
   * header only if that first cut is whole.
   */
  @GuardedBy("lock")
  private void abandon(Throwable failure) {
    StorageIo.Output open = out;
    Segment segment = last;
    out = null;
    sound = false;
    if (unsynced) {
      givenUp.noteCuts();
    }
    hint.abort();
    if (segment == null) {
      return;
    }
    if (open != null) {
      GivenUp.cut(open, segment.end(), failure);
    }
    if (segment.isEmpty()) {
      drop(segment, failure);
    } else if (segment.end() > segment.syncedEnd()) {
      givenUp.noteTail(segment);
    }
  }

  /**
   * Takes back a segment that never got a cut, so that failing attempts leave no trail of files.
   */
  @GuardedBy("lock")
  private void drop(Segment segment, Throwable failure) {
    Map.Entry<Long, Segment> before = state.byOrdinal().lowerEntry(segment.ordinal());
    if (before == null) {
      return; // The first one stays: it knows the secret.
    }
    state.remove(segment);
    last = before.getValue();
    lastSegment = last;
    try {
      state.witness().remove(segment.ordinal());
      io.delete(segment.file());
    } catch (Throwable e) {
      GivenUp.suppress(e, failure); // Recovery passes over a last segment without a cut.
    }
  }
}
