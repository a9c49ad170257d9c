package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.index.KeyIndex;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of the engine share: the segments, the index over them, the hasher, and how
 * mappings that nobody can find any more are given back.
 */
public final class SegmentSet {
  private final Path directory;
  private final ContentSource contents;
  private final KeyIndex index = new KeyIndex(new Books());
  private final ReaderEpochs gate = new ReaderEpochs();
  private final DeferredUnmap retirement = new DeferredUnmap(gate);
  private final CutReaders cutReaders = new CutReaders();
  private final AtomicInteger handles = new AtomicInteger();
  private final AtomicLong moves = new AtomicLong();
  private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();
  private final Witness witness;
  private final RandomGenerator random;
  private final KeyHasher hasher;

  /** The namespace of the latest record looked at: mostly that of the next one, too. */
  private volatile @Nullable Namespace recent;

  /**
   * By handle; copied when it changes. A handle is never used twice. A segment that has been
   * removed stays here until the readers have left that were there then.
   */
  private volatile @Nullable Segment[] byHandle = new Segment[0];

  /** Whether anybody notes positions, and so wants to know which of them are outdated. */
  private volatile boolean tracksStale;

  /** By ordinal; another one takes its place when it changes. */
  private volatile NavigableMap<Long, Segment> byOrdinal = Collections.emptyNavigableMap();

  public SegmentSet(
      Path directory, ContentSource contents, Witness witness, RandomGenerator random) {
    this.directory = directory;
    this.contents = contents;
    this.witness = witness;
    this.random = random;
    this.hasher = witness.identity().hasher();
  }

  /** Makes an empty set for what the same log was at another moment. */
  public SegmentSet emptyTwin() {
    return new SegmentSet(directory, contents, witness, random);
  }

  /** A namespace's name and how its keys are hashed. */
  public static final class Namespace {
    private final byte[] name;
    private final KeyHasher hasher;

    Namespace(byte[] name, KeyHasher hasher) {
      this.name = name;
      this.hasher = hasher;
    }

    public byte[] name() {
      return name;
    }

    public KeyHasher.Fingerprint fingerprint(byte[] key) {
      return hasher.hash(key);
    }
  }

  public Path directory() {
    return directory;
  }

  public ContentSource contents() {
    return contents;
  }

  public KeyIndex index() {
    return index;
  }

  public ReaderEpochs gate() {
    return gate;
  }

  public DeferredUnmap retirement() {
    return retirement;
  }

  public CutReaders cutReaders() {
    return cutReaders;
  }

  public KeyHasher hasher() {
    return hasher;
  }

  public Witness witness() {
    return witness;
  }

  /**
   * Makes the header of a new segment.
   *
   * @param time that of the cut before
   */
  public SegmentHeader header(long ordinal, long previousEnd, long time) {
    return new SegmentHeader(
        SegmentFormat.VERSION,
        ordinal,
        0,
        previousEnd,
        witness.identity(),
        ordinal,
        random.nextLong(),
        0,
        time);
  }

  /** Makes the header of the segment that takes the place of others, from the first to the last. */
  public SegmentHeader header(SegmentHeader first, SegmentHeader last) {
    return new SegmentHeader(
        SegmentFormat.VERSION,
        first.ordinal(),
        first.generation() + 1,
        first.previousEnd(),
        witness.identity(),
        last.covers(),
        random.nextLong(),
        first.id(),
        first.time());
  }

  /** A text that tells this log from every other, and from copies that have gone another way. */
  public String id() {
    return Long.toHexString(hasher.hash(new byte[0]).low())
        + "-"
        + Long.toHexString(witness.identity().lineage0());
  }

  /** Gives a namespace in which there is a record, or is about to be; it is kept. */
  public Namespace namespace(String name) {
    Namespace known = namespaces.get(name);
    if (known == null) {
      known = unknown(name);
      namespaces.put(name, known);
    }
    return known;
  }

  /** Gives a namespace if it is kept. */
  public @Nullable Namespace known(String name) {
    return namespaces.get(name);
  }

  /** Makes a namespace that is not kept: anybody may ask for any. */
  public Namespace unknown(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return new Namespace(bytes, hasher.forNamespace(bytes));
  }

  /** Gives the fingerprint of a key, in a namespace that is not kept for that. */
  public KeyHasher.Fingerprint fingerprint(String namespace, String key) {
    Namespace known = known(namespace);
    Namespace space = known == null ? unknown(namespace) : known;
    return space.fingerprint(key.getBytes(StandardCharsets.UTF_8));
  }

  public KeyHasher.Fingerprint fingerprint(LogRecord record) {
    Namespace namespace = recent;
    if (namespace == null || !record.isIn(namespace.name)) {
      namespace = namespace(record.namespace());
      recent = namespace;
    }
    return record.fingerprint(namespace.hasher);
  }

  public SegmentScanner scanner(Segment segment) {
    return new SegmentScanner(
        segment.file(), segment.scanned(segment.end()), hasher, segment.header().version());
  }

  /** Gives a handle for a new segment; no two get the same. */
  public int nextHandle() {
    int handle = handles.getAndIncrement();
    if (handle > Position.MAX_HANDLE) {
      throw new IllegalStateException(
          directory + ": " + handle + " segments since it was opened; open it anew");
    }
    return handle;
  }

  /**
   * The segments that there are at one moment.
   *
   * @param byHandle not to be written to; one that has its handle but is not in here has nothing
   *     that the index leads to
   * @param last the one that cuts are appended to; null if there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Present(@Nullable Segment[] byHandle, @Nullable Segment last) {}

  /** The segments as they are now: looked up one by one, one might be known and not be the last. */
  synchronized Present present() {
    Map.Entry<Long, Segment> last = byOrdinal.lastEntry();
    return new Present(byHandle, last == null ? null : last.getValue());
  }

  /** To be called before the index is led to records that compaction has moved, and after. */
  public void moving() {
    moves.incrementAndGet();
  }

  /** A number that changes when records are moved, and is odd while they are. */
  public long moves() {
    return moves.get();
  }

  /** Adds a segment, in place of one with the same ordinal. */
  public synchronized void add(Segment segment) {
    @Nullable Segment[] known =
        Arrays.copyOf(byHandle, Math.max(byHandle.length, segment.handle() + 1));
    known[segment.handle()] = segment;
    byHandle = known;
    NavigableMap<Long, Segment> ordinals = new TreeMap<>(byOrdinal);
    ordinals.put(segment.ordinal(), segment);
    byOrdinal = Collections.unmodifiableNavigableMap(ordinals);
  }

  /**
   * Takes a segment out to which the index no longer leads. Whoever has come in by the gate before
   * may have noted positions in it, and goes on finding and reading it until they leave.
   */
  public synchronized void remove(Segment segment) {
    NavigableMap<Long, Segment> ordinals = new TreeMap<>(byOrdinal);
    ordinals.remove(segment.ordinal(), segment);
    byOrdinal = Collections.unmodifiableNavigableMap(ordinals);
    segment.remove();
    retirement.afterReaders(() -> forget(segment));
  }

  /** Nobody is there any more who was there before the index led elsewhere. */
  private synchronized void forget(Segment segment) {
    @Nullable Segment[] known = byHandle.clone();
    known[segment.handle()] = null;
    byHandle = known;
    retirement.retire(segment.content()); // Who looked it up just before may be reading it.
  }

  /**
   * Closes everything that is read, for a caller who knows that no reader is left or will come.
   * That is more than the segments by ordinal: while compaction leads readers over, two have the
   * same.
   */
  public synchronized void closeContents() {
    retirement.drain();
    for (Segment segment : byHandle) {
      if (segment != null) {
        segment.content().close();
      }
    }
  }

  /**
   * Gives the segment that a position is in; null if it was compacted away before the caller came
   * in by the gate: then its records have been noted at their new places.
   */
  public @Nullable Segment segmentAt(long position) {
    return byHandle[Position.handle(position)];
  }

  /** Whether a segment can be read by who has come in by the gate now. */
  public boolean isReadable(Segment segment) {
    @Nullable Segment[] known = byHandle;
    return segment.handle() < known.length && known[segment.handle()] == segment;
  }

  /** Gives the segment to which the index has led a caller who had come in by the gate. */
  public Segment segmentOf(long position) {
    Segment segment = byHandle[Position.handle(position)];
    if (segment == null) {
      throw new IllegalStateException(
          directory + ": the index leads to a segment that is gone; this is a bug");
    }
    return segment;
  }

  /** The segments by ordinal, as they are now; what is returned stays as it is. */
  public NavigableMap<Long, Segment> byOrdinal() {
    return byOrdinal;
  }

  /** The segments in the order of the log, likewise. */
  public Collection<Segment> segments() {
    return byOrdinal.values();
  }

  /** How long the log is. */
  public long totalBytes() {
    long sum = 0;
    for (Segment segment : segments()) {
      sum += segment.end();
    }
    return sum;
  }

  /** How long the files are that compaction has replaced and readers may be in. */
  public long retainedBytes() {
    long sum = 0;
    for (Segment segment : byHandle) {
      if (segment != null && segment.isRemoved()) {
        sum += segment.end();
      }
    }
    return sum;
  }

  /** How much of it is current, roughly. */
  public long liveBytes() {
    long sum = 0;
    for (Segment segment : segments()) {
      sum += segment.liveBytes();
    }
    return sum;
  }

  /** Books in the segments what becomes of positions. */
  private final class Books implements KeyIndex.Listener {
    @Override
    public void outdated(long position) {
      released(position);
      touched(position);
    }

    @Override
    public void touched(long position) {
      Segment segment = tracksStale ? segmentAt(position) : null;
      if (segment != null) {
        segment.noteOutdated(position);
      }
    }

    @Override
    public void released(long position) {
      Segment segment = segmentAt(position);
      if (segment != null) {
        segment.outdate(position);
      }
    }
  }

  /**
   * To be called before positions are taken from the index, by who will ask {@link
   * Segment#isOutdated} of them; until the first call, overwriting costs less.
   */
  public void trackStale() {
    tracksStale = true;
  }

  /** Whether the record is its key's current one. */
  public boolean isCurrent(Segment segment, LogRecord record, KeyHasher.Fingerprint key) {
    return isAt(index.find(key), segment, record);
  }

  /** Whether a position is that of a record. */
  static boolean isAt(long position, Segment segment, LogRecord record) {
    return position != 0
        && Position.handle(position) == segment.handle()
        && Position.offset(position) == record.offset();
  }
}
