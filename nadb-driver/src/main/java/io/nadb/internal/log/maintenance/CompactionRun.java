package io.nadb.internal.log.maintenance;

import io.nadb.internal.log.format.Content;
import io.nadb.internal.log.format.CutWriter;
import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One rewriting of a run of segments; see {@link Compactor}. */
final class CompactionRun {
  private static final Logbook LOG = Logbook.of(CompactionRun.class);
  private static final int STEP_BYTES = 1 << 20;
  private static final int STEP_RECORDS = 4096;
  private static final int SYNC_BYTES = 2 << 20;

  private final SegmentSet state;
  private final SegmentSet basis;
  private final StorageIo io;
  private final List<Segment> inputs;
  private final boolean dropsDeletes;
  private final SegmentHeader header;
  private final Path temporary;
  private final StorageIo.Output out;
  private final CutWriter writer = new CutWriter();

  private int input;
  private long at;
  private int copied;
  private long sequence;
  private long time;
  private long needed;
  private long deleteBytes;

  /** The new file, once it is complete. */
  private @Nullable Content output;

  private final Moves moves = new Moves();
  private long synced;

  /** The segment that takes the place of the inputs. */
  private @Nullable Segment rewritten;

  /** The same, as what says which records are kept knows it, if that is not the log as it is. */
  private @Nullable Segment rewrittenInBasis;

  /**
   * Begins.
   *
   * @param basis says which records are kept: what the log is now, or was earlier
   * @param chosen what is rewritten, as {@code basis} has it
   */
  CompactionRun(
      SegmentSet state, SegmentSet basis, StorageIo io, List<Segment> chosen, boolean dropsDeletes)
      throws IOException {
    this.state = state;
    this.basis = basis;
    this.io = io;
    this.inputs =
        chosen.stream()
            .map(each -> Objects.requireNonNull(state.byOrdinal().get(each.ordinal())))
            .toList();
    this.dropsDeletes = dropsDeletes;
    Segment first = inputs.get(0);
    this.at = first.start();
    this.header = state.header(first.header(), inputs.get(inputs.size() - 1).header());
    this.temporary = LogFiles.compacted(first.file());
    io.delete(temporary);
    this.out = io.create(temporary, 0);
    writer.begin(header.length());
    try {
      out.write(header.toBytes(), 0, header.length());
    } catch (Throwable e) {
      try (out) {
        throw e;
      }
    }
  }

  /** The last of the segments that it rewrites. */
  long lastOrdinal() {
    return header.covers();
  }

  /** The header of the segment that it makes. */
  SegmentHeader header() {
    return header;
  }

  /** How many segments it rewrites. */
  int inputs() {
    return inputs.size();
  }

  long bytesBefore() {
    return inputs.stream().mapToLong(Segment::end).sum();
  }

  /** How much of the inputs has been read. */
  long bytesRead() {
    long sum = 0;
    for (int i = 0; i < input; i++) {
      sum += inputs.get(i).end();
    }
    return input < inputs.size() ? sum + at : sum;
  }

  long bytesAfter() {
    return writer.offset();
  }

  /** Copies some more; returns whether there may be a rest. */
  boolean copySome() throws IOException {
    int steps = 0;
    long bytes = 0;
    while (input < inputs.size()) {
      Segment segment = inputs.get(input);
      SegmentScanner scanner = state.scanner(segment);
      Copying copying = new Copying(segment);
      long end = segment.end();
      while (at < end) {
        if (steps >= STEP_RECORDS || bytes >= STEP_BYTES) {
          syncNowAndThen();
          return true;
        }
        long from = at;
        at = scanner.next(at, end, copying);
        steps++;
        bytes += at - from;
      }
      input++;
      if (input < inputs.size()) {
        at = inputs.get(input).start();
      }
    }
    return false;
  }

  /** Takes over what is current of a segment. */
  private final class Copying implements SegmentScanner.Visitor<IOException> {
    private final Segment segment;

    Copying(Segment segment) {
      this.segment = segment;
    }

    @Override
    public void visit(LogRecord record) throws IOException {
      copy(segment, record);
    }

    @Override
    public void close(SegmentScanner.Commit commit) {
      sequence = Math.max(sequence, commit.sequence());
      time = Math.max(time, commit.time());
      needed = Math.max(needed, commit.needed());
    }
  }

  /** Brings what was copied to the disk bit by bit, so that no sync has to take long. */
  private void syncNowAndThen() throws IOException {
    if (writer.offset() - synced > SYNC_BYTES) {
      out.sync();
      synced = writer.offset();
    }
  }

  private void copy(Segment segment, LogRecord record) throws IOException {
    KeyHasher.Fingerprint key = state.fingerprint(record);
    if (record.isDelete()) {
      if (!dropsDeletes && basis.index().find(key) == 0) {
        deleteBytes += record.length();
        write(segment, record);
      }
      return;
    }
    long current = basis.index().find(key);
    KeyIndex.Touched touched = null;
    if (Position.isTouch(current)) {
      touched = basis.index().touched(key);
      current = touched == null ? 0 : touched.position(); // Else it has been set anew.
    }
    if (isAt(current, segment, record)) {
      if (touched == null || !isInput(touched.value())) {
        move(segment, record, key, current);
      } // Else it has become one with the record that has its value.
    } else if (touched != null && isAt(touched.value(), segment, record)) {
      if (isInput(touched.position())) {
        merge(segment, record, key, touched);
      } else {
        move(segment, record, key, touched.value());
      }
    }
  }

  private static boolean isAt(long position, Segment segment, LogRecord record) {
    return position != 0
        && Position.handle(position) == segment.handle()
        && Position.offset(position) == record.offset();
  }

  private boolean isInput(long position) {
    return position != 0
        && inputs.stream().anyMatch(input -> input.handle() == Position.handle(position));
  }

  private void move(Segment segment, LogRecord record, KeyHasher.Fingerprint key, long before)
      throws IOException {
    check(segment, record);
    long offset = write(segment, record);
    moves.add(key, before, Position.of(0, offset, record.length(), record.flags()));
  }

  /** Makes one record of a touch and of the one with its value, in the place of the latter. */
  private void merge(
      Segment segment, LogRecord record, KeyHasher.Fingerprint key, KeyIndex.Touched touched)
      throws IOException {
    check(segment, record);
    LogRecord touch =
        state
            .segmentOf(touched.position())
            .record(Position.offset(touched.position()), LogRecord.INITIAL_BYTES);
    long offset = writer.offset();
    int length = writer.merge(out, touch, record, segment.content());
    copied++;
    int flags = touch.flags() & ~Position.REMOVED;
    long after = Position.of(0, offset, length, flags);
    moves.addMerged(key, touched.position(), touched.value(), after);
  }

  /** A damaged record is not passed on: this fails, and reading it tells where it is. */
  private static void check(Segment segment, LogRecord record) {
    if (!record.isSound(segment.content())) {
      throw record.damaged();
    }
  }

  private long write(Segment segment, LogRecord record) throws IOException {
    long offset = writer.offset();
    writer.copy(out, record, segment.content());
    copied++;
    return offset;
  }

  /**
   * Completes the new file, even if there is nothing to be kept, and makes it durable.
   *
   * @param looked the sequence number up to which the log was looked at for what outdates records,
   *     all of which is on disk
   */
  void write(long looked) throws IOException {
    long start = header.length();
    writer.commit(
        out,
        new SegmentScanner.Commit(copied, sequence, start, start, time, Math.max(needed, looked)),
        state.hasher());
    out.sync();
    output = state.contents().open(temporary, writer.offset());
    out.close(); // What fails here must fail before there is no way back.
  }

  /** Puts the new file in the place of the first input; the caller makes that durable. */
  void replace() throws IOException {
    for (Segment gone : inputs) {
      gone.loseName(); // Until all readers are led away.
    }
    rename(inputs.get(0).file());
    Content content = output;
    if (content != null) {
      content.renamed(inputs.get(0).file());
    }
  }

  /** Leads readers to the new segment, some keys at a time; returns whether there is a rest. */
  boolean switchSome(RecordListener listener) {
    Content content = output;
    if (content != null) {
      Segment target = rewritten;
      if (target == null) {
        Path file = inputs.get(0).file();
        target = new Segment(state.nextHandle(), file, header, content, writer.offset());
        state.add(target);
        target.add(0, 0, deleteBytes);
        rewritten = target;
        if (basis != state) {
          Segment known = new Segment(target.handle(), file, header, content, target.end());
          basis.add(known);
          known.add(0, 0, deleteBytes);
          rewrittenInBasis = known;
        }
      }
      state.moving();
      try {
        Segment known = rewrittenInBasis;
        if (known != null) {
          moves.follow(STEP_RECORDS, basis, known);
        }
        if (moves.publishSome(STEP_RECORDS, state, target, listener)) {
          return true;
        }
      } finally {
        state.moving();
      }
    }
    if (basis != state) {
      inputs.forEach(this::removeFromBasis);
    }
    inputs.forEach(state::remove);
    return false;
  }

  /** The first has gone already: the new segment has its ordinal. */
  private void removeFromBasis(Segment input) {
    Segment known = basis.byOrdinal().get(input.ordinal());
    if (known != null && known.handle() == input.handle()) {
      basis.remove(known);
    }
  }

  /** The files that readers no longer need, in the order in which they are to be deleted. */
  List<Path> replaced() {
    return inputs.stream().skip(1).map(Segment::file).toList();
  }

  /** Renames the outcome; a failure that comes after the deed does not count. */
  private void rename(Path target) throws IOException {
    try {
      io.rename(temporary, target);
    } catch (IOException e) {
      if (SegmentHeader.read(new LogFiles.Found(header.ordinal(), target)).id() != header.id()) {
        throw e;
      }
    }
  }

  /** Closes the new file, if it is there; nobody may be reading. */
  void closeOutput() {
    if (output != null) {
      output.close();
    }
  }

  /** Throws the unfinished file away. */
  void abort() {
    closeOutput();
    try {
      try (out) {
        io.delete(temporary);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "left for the next open to delete: " + temporary, e);
    }
  }
}
