package io.nadb.repair;

import io.nadb.NadbException;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.SalvageScanner;
import io.nadb.internal.log.format.SegmentScanner.Commit;
import io.nadb.internal.log.segment.MappedFile;
import io.nadb.repair.Finding.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that can be told of a store's log: what opening it would come to, which files count, and
 * every record and every byte that is none. Nothing is written. For one thread.
 */
final class Examination {
  private final StoreFiles files;
  private final Opening opening;
  private final List<Finding> findings = new ArrayList<>();
  private final SalvagedKeys keys = new SalvagedKeys();
  private final List<SegmentItem> segments = new ArrayList<>();

  /** Segments of which something is missing, as long as nothing after them has been walked. */
  private final List<Path> lostFiles = new ArrayList<>();

  /** Up to which number writes may be lost that would have replaced or deleted what is there. */
  private long unsureUpTo;

  /** Whether something is lost whose number is told by the next cut that is whole. */
  private boolean unsure;

  private long sequence;
  private long time;
  private @Nullable Path lastFile;
  private long lastEnd;
  private long needed;

  private Examination(StoreFiles files) {
    this.files = files;
    this.opening = Opening.tried(files.log());
  }

  static Examination of(Path directory) throws IOException {
    Examination examination = new Examination(StoreFiles.find(directory));
    try {
      examination.run();
    } catch (InternalError e) { // So the JVM tells of a page of a map.
      throw new IOException("a page of a file of the log can't be read by the disk", e);
    }
    return examination;
  }

  private void checkInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new NadbException(
          "interrupted while " + files.database() + " was being read; nothing was written");
    }
  }

  StoreFiles files() {
    return files;
  }

  Opening opening() {
    return opening;
  }

  List<Finding> findings() {
    return findings;
  }

  SalvagedKeys keys() {
    return keys;
  }

  List<SegmentItem> segments() {
    return segments;
  }

  long unsureUpTo() {
    return unsureUpTo;
  }

  /** The number of the last write of the last whole cut. */
  long sequence() {
    return sequence;
  }

  /** When that was made; 0 if nobody knows. */
  long time() {
    return time;
  }

  /** The file that has the last whole cut; null if there is none. */
  @Nullable Path lastFile() {
    return lastFile;
  }

  /** Where that cut ends. */
  long lastEnd() {
    return lastEnd;
  }

  private void run() throws IOException {
    LogInventory.Inventory inventory = LogInventory.of(files.log(), findings);
    for (Finding each : findings) {
      if (each.kind() == Kind.LOST && each.file().toString().endsWith(".seg")) {
        lostFiles.add(each.file());
      }
    }
    segments.addAll(inventory.items());
    for (int i = 0; i < segments.size(); i++) {
      checkInterrupted();
      examine(i, segments.get(i));
    }
    if (needed > sequence) {
      findings.add(
          new Finding(
              Kind.LOST,
              lastFile == null ? files.log() : lastFile,
              lastEnd,
              0,
              "the log ends at sequence number "
                  + sequence
                  + ", but had come to "
                  + needed
                  + " when it was compacted"));
      unsure = true;
    }
    if (unsure || inventory.mixed() || !lostFiles.isEmpty()) {
      unsureUpTo = Long.MAX_VALUE;
    }
  }

  private void examine(int number, SegmentItem item) throws IOException {
    // What is lost before this segment is older than its first cut, and than none before that.
    unsure |= lostFiles.removeIf(lost -> lost.compareTo(item.file()) < 0);
    long limit = item.limit();
    boolean isLast = item.file().equals(opening.last());
    if (isLast && opening.end() < limit) {
      limit = opening.end(); // Opening proves that nothing after it counts.
      cutOff(item.file(), limit, item.limit(), 0);
    }
    if (limit <= item.start()) {
      return;
    }
    MappedFile content = item.map();
    try {
      Walk walk = new Walk(number, item, content);
      new SalvageScanner(item.file(), content, item.hasher(), item.version())
          .walk(item.start(), limit, walk);
      walk.finish(limit);
    } finally {
      content.close();
    }
  }

  private void cutOff(Path file, long from, long to, int records) {
    findings.add(
        new Finding(
            Kind.CUT_OFF,
            file,
            from,
            to - from,
            "a cut that was being written and has no end"
                + (records == 0 ? "" : ", with " + records + " whole records")
                + "; it was never acknowledged as durable"));
  }

  /** A walk through a segment. */
  private final class Walk implements SalvageScanner.Visitor {
    private final int number;
    private final SegmentItem item;
    private final MappedFile content;

    /** What has been seen since the last closing record. */
    private final List<SalvagedKeys.Seen> open = new ArrayList<>();

    private final List<Finding> openLosses = new ArrayList<>();
    private final List<LogRecord> openHeads = new ArrayList<>();
    private boolean openUnsure;
    private long closed;

    Walk(int number, SegmentItem item, MappedFile content) {
      this.number = number;
      this.item = item;
      this.content = content;
      this.closed = item.start();
    }

    @Override
    public void visit(LogRecord record) {
      open.add(SalvagedKeys.Seen.of(record, number));
    }

    @Override
    public void lose(long from, long to, @Nullable LogRecord head) {
      content.checkReads();
      String what =
          head == null
              ? "the log is damaged; it is not known what was there"
              : "the record of key "
                  + head.namespace()
                  + "/"
                  + head.key()
                  + " with sequence number "
                  + head.sequence()
                  + " is damaged (its value's checksum does not match)";
      openLosses.add(new Finding(Kind.LOST, item.file(), from, to - from, what));
      if (head == null) {
        openUnsure = true;
      } else {
        openHeads.add(head);
      }
    }

    @Override
    public void close(Commit commit, long end) {
      accept();
      closed = end;
      sequence = Math.max(sequence, commit.sequence());
      time = Math.max(time, commit.time());
      needed = Math.max(needed, commit.needed());
      lastFile = item.file();
      lastEnd = end;
      if (unsure) {
        unsureUpTo = Math.max(unsureUpTo, commit.sequence());
        unsure = false;
      }
    }

    /** Takes what has been seen for what was on disk. */
    private void accept() {
      open.forEach(keys::see);
      openHeads.forEach(keys::seeLost);
      findings.addAll(openLosses);
      unsure |= openUnsure;
      open.clear();
      openHeads.clear();
      openLosses.clear();
      openUnsure = false;
    }

    /** Decides about what no closing record follows. */
    void finish(long limit) {
      if (open.isEmpty() && openLosses.isEmpty()) {
        return;
      }
      if (item.last() && item.proven() <= closed && item.header() != null && !isOneCut()) {
        cutOff(item.file(), closed, limit, open.size());
      } else {
        if (openLosses.isEmpty()) {
          findings.add(
              new Finding(
                  Kind.LOST,
                  item.file(),
                  limit,
                  0,
                  "the closing record of the last cut is missing"));
        }
        openUnsure = true;
        accept();
      }
    }

    /** Whether it was on disk, whole, before it had its name. */
    private boolean isOneCut() {
      return item.header() != null && item.header().isCompacted() && item.version() > 1;
    }
  }
}
