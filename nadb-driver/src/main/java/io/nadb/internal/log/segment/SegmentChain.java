package io.nadb.internal.log.segment;

import io.nadb.CorruptStoreException;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.LogIdentity;
import io.nadb.internal.log.format.SegmentHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Proves that the segments in a directory are those of one log, at one moment, and all of them.
 *
 * <p>The list that the log keeps ({@link Witness}) and the directory may differ as a crash can make
 * them differ, and no further: by one segment after the last; by one that compaction has put in the
 * place of the first of its inputs, all of which are still there; by inputs of compactions that the
 * list knows. The latter two kinds hold nothing that counts, and can be deleted.
 *
 * <p>A log of format version 1 has no list. It is taken as it is, once: from then on it has one.
 */
public final class SegmentChain {
  public static final String REMEDY =
      "nothing was changed; put the right file back, or restore the whole directory from a copy"
          + " that was made while the store was closed";

  private final Path directory;
  private final List<Link> links = new ArrayList<>();
  private final List<Path> superseded = new ArrayList<>();
  private final NavigableMap<Long, Witness.Entry> listed = new TreeMap<>();
  private final LogIdentity identity;
  private @Nullable Link newer;

  /**
   * A segment that counts.
   *
   * @param end where its content ends, if the list says so; else 0
   */
  public record Link(LogFiles.Found found, SegmentHeader header, long end) {

    public Path file() {
      return found.file();
    }
  }

  private SegmentChain(Path directory, WitnessFile.Content witness) {
    this.directory = directory;
    this.identity = witness.identity();
    witness.entries().forEach(entry -> listed.put(entry.ordinal(), entry));
  }

  /** The segments that count, and files whose content does not count any more. */
  public record Proven(List<Link> links, List<Path> superseded) {}

  /**
   * Looks at the headers of all segments.
   *
   * @param found what is in the directory, by ordinal
   * @param witness what the log's own list says; null if there is none
   * @throws CorruptStoreException if anything is missing or does not belong here
   */
  public static Proven prove(
      Path directory, List<LogFiles.Found> found, WitnessFile.@Nullable Content witness)
      throws IOException {
    List<SegmentHeader> headers = new ArrayList<>();
    for (LogFiles.Found each : found) {
      headers.add(SegmentHeader.read(each));
    }
    boolean ofVersion1 =
        !found.isEmpty() && headers.stream().allMatch(header -> header.version() == 1);
    if (ofVersion1 && (witness == null || !witness.isInUse())) {
      return new Proven(unlisted(found, headers), List.of());
    }
    if (witness == null) {
      if (found.isEmpty()) {
        return new Proven(List.of(), List.of());
      }
      throw new CorruptStoreException(
          WitnessFile.of(directory), "the list of the log's segments is missing; " + REMEDY);
    }
    SegmentChain chain = new SegmentChain(directory, witness);
    for (int i = 0; i < found.size(); i++) {
      chain.add(found.get(i), headers.get(i), i + 1 == found.size());
    }
    chain.checkNothingIsMissing(found);
    return new Proven(chain.links, chain.superseded);
  }

  private static List<Link> unlisted(List<LogFiles.Found> found, List<SegmentHeader> headers) {
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      SegmentHeader header = headers.get(i);
      if (!header.identity().hasSecretOf(headers.get(0).identity())) {
        throw foreign(found.get(i), "its secret is another");
      }
      boolean last = i + 1 == found.size();
      long covers = last ? header.ordinal() : found.get(i + 1).ordinal() - 1;
      links.add(new Link(found.get(i), header.covering(covers), 0));
    }
    return links;
  }

  private void add(LogFiles.Found found, SegmentHeader header, boolean last) {
    checkIdentity(found, header);
    Witness.Entry entry = listed.get(found.ordinal());
    Link rewritten = newer;
    if (rewritten != null && found.ordinal() <= rewritten.header().covers()) {
      superseded.add(checked(found, header, entry).file());
    } else if (entry != null && !entry.isOf(header) && isNext(entry, header) && newer == null) {
      newer = new Link(found, header, 0);
      links.add(newer);
    } else if (entry != null) {
      links.add(checked(found, header, entry));
    } else if (isCovered(found.ordinal())) {
      superseded.add(found.file());
    } else if (last && found.ordinal() == next() && !header.isCompacted()) {
      links.add(new Link(found, header, 0));
    } else {
      throw new CorruptStoreException(
          found.file(),
          "the log's own list, "
              + WitnessFile.of(directory).getFileName()
              + ", does not know this segment: one of them is of another moment; "
              + REMEDY);
    }
  }

  private void checkIdentity(LogFiles.Found found, SegmentHeader header) {
    if (!header.identity().hasSecretOf(identity)) {
      throw foreign(found, "its secret is another than in " + WitnessFile.of(directory));
    }
    if (header.version() > 1 && !header.identity().hasLineageOf(identity)) {
      throw foreign(found, "its lineage is another than in " + WitnessFile.of(directory));
    }
  }

  private static CorruptStoreException foreign(LogFiles.Found found, String proof) {
    return new CorruptStoreException(
        found.file(), "the segment belongs to another store: " + proof + "; " + REMEDY);
  }

  /** Whether a segment is what compaction makes of a listed one, and of some after it. */
  private boolean isNext(Witness.Entry entry, SegmentHeader header) {
    Map.Entry<Long, Witness.Entry> last = listed.floorEntry(header.covers());
    return header.replaced() == entry.id()
        && header.generation() == entry.generation() + 1
        && last != null
        && last.getValue().covers() == header.covers();
  }

  private Link checked(LogFiles.Found found, SegmentHeader header, Witness.@Nullable Entry entry) {
    if (entry == null || !entry.isOf(header)) {
      throw new CorruptStoreException(
          found.file(),
          "the segment is of another moment than the rest of the log: it is generation "
              + header.generation()
              + " (id "
              + Long.toHexString(header.id())
              + "), and "
              + (entry == null
                  ? "none"
                  : "generation "
                      + entry.generation()
                      + " (id "
                      + Long.toHexString(entry.id())
                      + ")")
              + " belongs there; "
              + REMEDY);
    }
    return new Link(found, header.covering(entry.covers()), entry.end());
  }

  private boolean isCovered(long ordinal) {
    Map.Entry<Long, Witness.Entry> before = listed.floorEntry(ordinal);
    return before != null && before.getValue().covers() >= ordinal;
  }

  /** The ordinal after the last that is listed. */
  private long next() {
    return listed.isEmpty() ? 1 : listed.lastEntry().getValue().covers() + 1;
  }

  private void checkNothingIsMissing(List<LogFiles.Found> found) {
    NavigableMap<Long, LogFiles.Found> there = new TreeMap<>();
    found.forEach(each -> there.put(each.ordinal(), each));
    for (long ordinal : listed.keySet()) {
      if (!there.containsKey(ordinal)) {
        throw new CorruptStoreException(
            LogFiles.segment(directory, ordinal),
            "the segment is missing: the log has "
                + listed.size()
                + " segments, and this is one of them; "
                + REMEDY);
      }
    }
  }
}
