package io.nadb.repair;

import static io.nadb.internal.log.format.SegmentFormat.LONG;

import io.nadb.CorruptStoreException;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.LogIdentity;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.recovery.SegmentProbe;
import io.nadb.internal.log.segment.HintFile;
import io.nadb.internal.log.segment.Witness;
import io.nadb.internal.log.segment.WitnessFile;
import io.nadb.repair.Finding.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which files of a log count, though some of them may be damaged, missing, or of another
 * log. Where opening refuses, this says so and goes on.
 */
final class LogInventory {
  private final Path log;
  private final List<Finding> findings;
  private final NavigableMap<Long, Witness.Entry> listed = new TreeMap<>();
  private final NavigableMap<Long, Candidate> chosen = new TreeMap<>();
  private @Nullable LogIdentity identity;

  /** Whether there are files of other moments, so that whatever they have may be outdated. */
  private boolean mixed;

  private LogInventory(Path log, List<Finding> findings) {
    this.log = log;
    this.findings = findings;
  }

  /**
   * A file that may count.
   *
   * @param problem what is wrong with its header; null if nothing is
   */
  private record Candidate(
      Path file, long ordinal, @Nullable SegmentHeader header, @Nullable String problem) {

    boolean isOf(Witness.@Nullable Entry entry) {
      return header != null
          && entry != null
          && entry.id() == header.id()
          && entry.generation() == header.generation();
    }

    /** Whether it is what compaction makes of a listed segment, and the list does not know yet. */
    boolean follows(Witness.Entry entry) {
      return header != null
          && header.replaced() == entry.id()
          && header.generation() == entry.generation() + 1;
    }
  }

  /** What counts, in its order, and whether files of other moments are among it. */
  record Inventory(List<SegmentItem> items, boolean mixed) {}

  /**
   * Looks at all files of a log.
   *
   * @param findings what does not fit is added to it
   */
  static Inventory of(Path log, List<Finding> findings) throws IOException {
    return new LogInventory(log, findings).look();
  }

  private Inventory look() throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    for (LogFiles.Found found : LogFiles.segments(log)) {
      candidates.add(candidate(found));
    }
    readList(candidates);
    for (Path leftover : LogFiles.leftovers(log)) {
      add(Kind.USELESS, leftover, 0, Files.size(leftover), "a rest of unfinished work");
    }
    LogIdentity common = identity;
    if (common == null) {
      return new Inventory(List.of(), false);
    }
    for (Candidate each : candidates) {
      choose(each, common);
    }
    List<Candidate> counting = order();
    List<SegmentItem> items = new ArrayList<>();
    for (int i = 0; i < counting.size(); i++) {
      Candidate next = i + 1 < counting.size() ? counting.get(i + 1) : null;
      items.add(item(counting.get(i), next, common));
    }
    return new Inventory(items, mixed);
  }

  private void add(Kind kind, Path file, long offset, long bytes, String what) {
    findings.add(new Finding(kind, file, offset, bytes, what));
  }

  private static Candidate candidate(LogFiles.Found found) throws IOException {
    try {
      return new Candidate(found.file(), found.ordinal(), SegmentHeader.read(found), null);
    } catch (CorruptStoreException e) {
      return renamed(found, problem(e));
    }
  }

  /** A file may have the name of another, with a header that is whole. */
  private static Candidate renamed(LogFiles.Found found, String problem) throws IOException {
    byte[] bytes = new byte[Long.BYTES];
    try (RandomAccessFile file = new RandomAccessFile(found.file().toFile(), "r")) {
      if (file.length() >= SegmentFormat.HEADER_BYTES_1) {
        file.seek(SegmentFormat.HEADER_ORDINAL_AT);
        file.readFully(bytes);
        long ordinal = (long) LONG.get(bytes, 0);
        SegmentHeader header = SegmentHeader.read(new LogFiles.Found(ordinal, found.file()));
        return new Candidate(found.file(), ordinal, header, problem);
      }
    } catch (CorruptStoreException e) {
      return new Candidate(found.file(), found.ordinal(), null, problem);
    }
    return new Candidate(found.file(), found.ordinal(), null, problem);
  }

  /** The problem without the file, which is told beside it. */
  private static String problem(CorruptStoreException e) {
    String message = String.valueOf(e.getMessage());
    int at = message.indexOf(": ");
    return at < 0 ? message : message.substring(at + 2);
  }

  private void readList(List<Candidate> candidates) throws IOException {
    Path file = WitnessFile.of(log);
    try {
      WitnessFile.Content content = WitnessFile.read(log);
      if (content != null) {
        identity = content.identity();
        content.entries().forEach(entry -> listed.put(entry.ordinal(), entry));
        return;
      }
      boolean hadOne =
          candidates.stream().anyMatch(each -> each.header != null && each.header.version() > 1);
      if (hadOne) {
        add(Kind.LOST, file, 0, 0, "the list of the log's segments is missing");
      }
    } catch (CorruptStoreException e) {
      add(Kind.LOST, file, 0, Files.size(file), "the list of the log's segments is damaged");
    }
    identity = mostFrequent(candidates);
  }

  private static @Nullable LogIdentity mostFrequent(List<Candidate> candidates) {
    Map<LogIdentity, Integer> counts = new HashMap<>();
    LogIdentity best = null;
    for (Candidate each : candidates) {
      if (each.header != null) {
        LogIdentity found = each.header.identity();
        int count = counts.merge(found, 1, Integer::sum);
        best = best == null || count > counts.getOrDefault(best, 0) ? found : best;
      }
    }
    return best;
  }

  /** Takes a file for its place, unless it is of another log, or there is a better one. */
  private void choose(Candidate each, LogIdentity common) throws IOException {
    SegmentHeader header = each.header;
    if (header == null && !listed.containsKey(each.ordinal) && isEmpty(each.file)) {
      add(Kind.CUT_OFF, each.file, 0, Files.size(each.file), "a segment that was just being made");
      return;
    }
    if (header != null && !header.identity().hasSecretOf(common)) {
      add(Kind.STRANGE, each.file, 0, Files.size(each.file), "the segment is of another store");
      return;
    }
    if (each.problem != null) {
      Kind kind = header == null ? Kind.LOST : Kind.STRANGE;
      add(kind, each.file, 0, header == null ? SegmentFormat.HEADER_BYTES : 0, each.problem);
    }
    Candidate other = chosen.get(each.ordinal);
    Witness.Entry entry = listed.get(each.ordinal);
    if (other == null) {
      chosen.put(each.ordinal, each);
    } else {
      boolean better =
          each.isOf(entry)
              || (!other.isOf(entry)
                  && header != null
                  && (other.header == null || other.header.generation() < header.generation()));
      Candidate worse = better ? other : each;
      add(
          Kind.STRANGE,
          worse.file,
          0,
          0,
          "there is another file of the same segment, which counts");
      if (better) {
        chosen.put(each.ordinal, each);
      }
    }
  }

  private static boolean isEmpty(Path file) throws IOException {
    long length = Files.size(file);
    return length < SegmentFormat.HEADER_BYTES_1
        || SegmentProbe.lengthWithoutRoom(file, 0, length) == 0;
  }

  /** Leaves out what compaction has put elsewhere, and tells of what is missing. */
  private List<Candidate> order() throws IOException {
    List<Candidate> counting = new ArrayList<>();
    boolean ofVersion1 =
        chosen.values().stream()
            .allMatch(each -> each.header != null && each.header.version() == 1);
    long covered = 0;
    for (Candidate each : chosen.values()) {
      Witness.Entry entry = listed.get(each.ordinal);
      SegmentHeader header = each.header;
      if (each.ordinal <= covered) {
        add(Kind.USELESS, each.file, 0, Files.size(each.file), "compaction has put it elsewhere");
        continue;
      }
      if (!listed.isEmpty() || !ofVersion1) {
        tellMissing(covered + 1, each.ordinal);
      }
      if (entry != null && header != null && !each.isOf(entry) && !each.follows(entry)) {
        mixed = true;
        add(
            Kind.STRANGE,
            each.file,
            0,
            0,
            "the segment is of another moment: it is generation "
                + header.generation()
                + ", and generation "
                + entry.generation()
                + " belongs there");
      }
      covered = Math.max(each.ordinal, header == null ? 0 : header.covers());
      if (entry != null && (header == null || each.isOf(entry))) {
        covered = Math.max(covered, entry.covers());
      }
      counting.add(each);
    }
    if (!listed.isEmpty()) {
      tellMissing(covered + 1, listed.lastKey() + 1);
    }
    return counting;
  }

  /** Tells which segments are missing, from one ordinal, inclusive, to another, exclusive. */
  private void tellMissing(long from, long to) {
    if (listed.isEmpty() && from < to) {
      add(
          Kind.LOST,
          LogFiles.segment(log, from),
          0,
          0,
          from + 1 == to
              ? "the segment is missing"
              : "the segments up to " + (to - 1) + " are missing");
    }
    for (Witness.Entry entry : listed.subMap(from, true, Math.max(from, to), false).values()) {
      add(
          Kind.LOST,
          LogFiles.segment(log, entry.ordinal()),
          0,
          entry.end(),
          "the segment is missing");
    }
  }

  private SegmentItem item(Candidate each, @Nullable Candidate next, LogIdentity common)
      throws IOException {
    SegmentHeader header = each.header;
    Witness.Entry entry = listed.get(each.ordinal);
    int version =
        header != null ? header.version() : entry != null ? entry.version() : SegmentFormat.VERSION;
    long start = version == 1 ? SegmentFormat.HEADER_BYTES_1 : SegmentFormat.HEADER_BYTES;
    long size = Math.min(Files.size(each.file), Integer.MAX_VALUE);
    long end = entry != null && (header == null || each.isOf(entry)) ? entry.end() : 0;
    boolean compacted = header != null && header.isCompacted();
    if (end == 0 && !compacted && next != null && next.header != null) {
      boolean follows = next.header.ordinal() == each.ordinal + 1;
      end = follows ? next.header.previousEnd() : 0;
    }
    if (end > size) {
      add(
          Kind.LOST,
          each.file,
          size,
          end - size,
          "the file ends here, and was written up to offset " + end);
    }
    long limit = end == 0 ? SegmentProbe.lengthWithoutRoom(each.file, start, size) : end;
    HintFile.Hint hint = header == null ? null : HintFile.read(each.file, header);
    long hinted = hint == null ? 0 : hint.end();
    if (hinted > limit) {
      add(
          Kind.LOST,
          each.file,
          limit,
          hinted - limit,
          "the file ends here, and its hint describes it up to offset " + hinted);
    }
    return new SegmentItem(
        each.file,
        header,
        version,
        common.hasher(),
        start,
        Math.min(limit, size),
        Math.max(end, hinted),
        next == null);
  }
}
