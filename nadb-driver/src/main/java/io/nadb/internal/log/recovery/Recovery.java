package io.nadb.internal.log.recovery;

import io.nadb.CorruptStoreException;
import io.nadb.internal.log.append.LogEnd;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.LogIdentity;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.ContentSource;
import io.nadb.internal.log.segment.HintFile;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentChain;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.Witness;
import io.nadb.internal.log.segment.WitnessFile;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.LocationLostException;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Opens a log: finds the last whole cut, and fills the index by replaying the segments in order,
 * from hints as far as they reach.
 *
 * <p>Only the end of the last segment may be torn. Anything else that does not fit, or is missing
 * ({@link SegmentChain}), is reported, with file and offset, and nothing is changed.
 */
public final class Recovery {
  private static final Logbook LOG = Logbook.of(Recovery.class);

  /** A log that is smaller is read before a thread has begun. */
  private static final long WORTH_A_THREAD_BYTES = 1 << 20;

  private static final int PART_BYTES = 1 << 18;

  private final Path directory;
  private final StorageIo io;
  private final ContentSource contents;
  private final RandomGenerator random;
  private final LoadMeter meter;

  /** What is to be deleted once everything else has proved to be right. */
  private final List<Path> useless = new ArrayList<>();

  private @Nullable SegmentSet state;
  private long bytes;
  private long sequence;
  private long time;
  private long needed;
  private @Nullable Path needing;

  Recovery(
      Path directory,
      StorageIo io,
      ContentSource contents,
      RandomGenerator random,
      @Nullable LoadProgress progress) {
    this.directory = directory;
    this.io = io;
    this.contents = contents;
    this.random = random;
    this.meter = new LoadMeter(progress);
  }

  /**
   * An opened log.
   *
   * @param isOfVersion1 whether all segments are of format version 1
   */
  public record Recovered(SegmentSet state, LogEnd end, boolean isOfVersion1) {}

  public static Recovered open(
      Path directory, StorageIo io, ContentSource contents, RandomGenerator random)
      throws IOException {
    Recovery recovery = new Recovery(directory, io, contents, random, null);
    try {
      return recovery.run();
    } catch (Throwable e) {
      if (recovery.state != null) {
        recovery.state.closeContents();
      }
      throw e;
    }
  }

  private Recovered run() throws IOException {
    List<SegmentChain.Link> links = begin();
    SegmentSet opened = state();
    SegmentLoader loader = loader();
    Segment last = replay(links, i -> loader.load(loader.open(links, i)));
    // Nothing has been changed so far; from here on, nothing is refused.
    if (last != null) {
      settle(opened, last);
    }
    io.syncDirectory(directory); // What is there is listed; what was deleted stays so.
    if (last != null) {
      opened.witness().become(entries(opened, links));
    }
    deleteLeftovers();
    return recovered(links, last);
  }

  /** Finds the segments that count, and makes an empty state for what is in them. */
  List<SegmentChain.Link> begin() throws IOException {
    WitnessFile.Content witness = WitnessFile.read(directory);
    List<SegmentChain.Link> links = prove(witness);
    state = begin(witness, links);
    return links;
  }

  SegmentLoader loader() {
    return new SegmentLoader(state(), meter);
  }

  SegmentSet state() {
    return Objects.requireNonNull(state);
  }

  Recovered recovered(List<SegmentChain.Link> links, @Nullable Segment last) {
    boolean isOfVersion1 =
        last != null && links.stream().allMatch(link -> link.header().version() == 1);
    return new Recovered(state(), new LogEnd(last, sequence, time), isOfVersion1);
  }

  /** Finds the segments that count. */
  private List<SegmentChain.Link> prove(WitnessFile.@Nullable Content witness) throws IOException {
    List<LogFiles.Found> found = LogFiles.segments(directory);
    EndOfLog end = new EndOfLog(contents);
    for (LogFiles.Found each : found) {
      bytes += Files.size(each.file());
    }
    contents.logHas(bytes);
    while (!found.isEmpty() && end.isStillborn(found.get(found.size() - 1), witness)) {
      useless.add(found.remove(found.size() - 1).file());
    }
    SegmentChain.Proven proven = SegmentChain.prove(directory, found, witness);
    useless.addAll(proven.superseded());
    List<SegmentChain.Link> links = new ArrayList<>(proven.links());
    while (links.size() > 1 && end.isUnused(links.get(links.size() - 1))) {
      useless.add(links.remove(links.size() - 1).file());
    }
    return links;
  }

  /** Makes an empty state, with room for all keys. */
  private SegmentSet begin(WitnessFile.@Nullable Content witness, List<SegmentChain.Link> links)
      throws IOException {
    LogIdentity identity = identity(witness, links);
    List<Witness.Entry> listed = List.of();
    boolean isListed = false;
    if (witness != null && witness.identity().hasLineageOf(identity)) {
      listed = witness.entries();
      isListed = true;
    }
    SegmentSet empty =
        new SegmentSet(
            directory, contents, new Witness(directory, io, identity, listed, !isListed), random);
    long expectedKeys = 0;
    for (SegmentChain.Link each : links) {
      expectedKeys += SegmentProbe.records(each.file(), each.header().length());
    }
    empty.index().reserve(expectedKeys);
    return empty;
  }

  /** A log of format version 1 gets a lineage now; a list that it has was left by an attempt. */
  private LogIdentity identity(
      WitnessFile.@Nullable Content witness, List<SegmentChain.Link> links) {
    boolean hasLineage = links.stream().anyMatch(link -> link.header().version() > 1);
    if (witness != null && (hasLineage || links.isEmpty() || witness.isInUse())) {
      return witness.identity();
    }
    return links.isEmpty()
        ? LogIdentity.anew(random)
        : links.get(0).header().identity().withLineage(random);
  }

  /** Takes in all segments, some of which are read ahead; returns the last. */
  @Nullable Segment replay(
      List<SegmentChain.Link> links, ReadAhead.Source<SegmentLoader.Loaded> source)
      throws IOException {
    Segment last = null;
    try (ReadAhead<SegmentLoader.Loaded> segments = readAhead(links, source)) {
      for (int i = 0; i < links.size(); i++) {
        last = add(state(), segments.next(meter::tellUntil));
      }
    }
    // Compaction has left out what later cuts outdate; so these must be there.
    if (last != null && needing != null && sequence < needed) {
      throw new CorruptStoreException(
          last.file(),
          "the log ends here at sequence number "
              + sequence
              + ", but had come to "
              + needed
              + " when "
              + needing.getFileName()
              + " was compacted: one of the two is of another moment; "
              + SegmentChain.REMEDY);
    }
    state().index().trim();
    return last;
  }

  private ReadAhead<SegmentLoader.Loaded> readAhead(
      List<SegmentChain.Link> links, ReadAhead.Source<SegmentLoader.Loaded> source) {
    boolean alone = links.size() <= 1 || bytes < WORTH_A_THREAD_BYTES;
    return new ReadAhead<>(
        links.size(),
        alone ? 1 : Runtime.getRuntime().availableProcessors(),
        source,
        SegmentLoader.Loaded::close);
  }

  private Segment add(SegmentSet target, SegmentLoader.Loaded loaded) {
    Segment segment = loaded.segment();
    target.add(segment);
    loaded.hinted().forEach(some -> some.publish(target, segment));
    loaded.records().publish(target, segment, position -> {});
    sequence = Math.max(sequence, loaded.sequence());
    time = Math.max(time, loaded.time());
    if (loaded.needed() > needed) {
      needed = loaded.needed();
      needing = segment.file();
    }
    loaded.part().end();
    return segment;
  }

  /** What the log's list must say of the segments. */
  private static List<Witness.Entry> entries(SegmentSet opened, List<SegmentChain.Link> links) {
    List<Witness.Entry> entries = new ArrayList<>();
    for (SegmentChain.Link link : links) {
      SegmentHeader header = link.header();
      Segment segment = opened.byOrdinal().get(header.ordinal());
      boolean complete = header.isCompacted() || header.version() == 1;
      entries.add(Witness.Entry.of(header, segment != null && complete ? segment.end() : 0));
    }
    return entries;
  }

  private void deleteLeftovers() throws IOException {
    for (Path file : useless) {
      io.delete(HintFile.of(file));
      io.delete(file);
    }
    List<Path> leftovers = LogFiles.leftovers(directory);
    for (Path leftover : leftovers) {
      io.delete(leftover);
    }
    if (!useless.isEmpty() || !leftovers.isEmpty()) {
      io.syncDirectory(directory);
    }
  }

  /**
   * Cuts off what is torn, and makes sure that what is whole is on disk, before anybody sees it or
   * builds upon it. Whatever a hint says: a process whose sync had failed may have cut the file
   * without being able to make that last.
   *
   * <p>What is not known to have been on disk is written once more. After a failed sync the
   * operating system may show it and yet never write it, and the next sync would tell nothing.
   */
  private void settle(SegmentSet opened, Segment last) throws IOException {
    long unsure = last.isHinted() ? last.end() : syncedEnd(opened, last);
    try (StorageIo.Output out = io.rewrite(last.file(), unsure, last.end())) {
      writeAgain(last, unsure, out);
      out.sync();
    }
  }

  /**
   * Writes what is there over itself. A disk that takes no byte more may refuse even that, if it
   * copies what is written, and a store must open on a full disk: then the sync has to do.
   */
  static void writeAgain(Segment last, long from, StorageIo.Output out) throws IOException {
    byte[] part = new byte[(int) Math.min(PART_BYTES, last.end() - from)];
    for (long at = from; at < last.end(); ) {
      int length = (int) Math.min(part.length, last.end() - at);
      last.content().get(at, part, 0, length);
      last.content().checkReads(); // Else it could be anything that is written over the log.
      try {
        out.write(part, 0, length);
      } catch (LocationLostException e) {
        throw e;
      } catch (IOException e) {
        LOG.log(
            Level.WARNING,
            "the end of "
                + last.file()
                + ", from offset "
                + at
                + " on, can't be written again, and is synced as it is; should a sync of it have"
                + " failed before, and the power go now, it may be lost",
            e);
        return;
      }
      at += length;
    }
  }

  /** How much of a segment was on disk when its last cut was written. */
  private static long syncedEnd(SegmentSet opened, Segment last) {
    long end = last.end();
    if (last.isEmpty() || last.header().isCompacted()) {
      return end; // A header is synced before its file has its name; so is what compaction writes.
    }
    SegmentScanner.Commit commit = opened.scanner(last).commitBefore(end);
    return commit == null ? last.start() : commit.syncedEnd();
  }
}
