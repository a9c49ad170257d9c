package io.nadb.internal.spool;

import io.nadb.CorruptStoreException;
import io.nadb.internal.report.Logbook;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal that a process has left, file after file, up to what it was writing when it
 * ended.
 */
final class JournalReader {
  private static final Logbook LOG = Logbook.of(JournalReader.class);

  private final Path directory;

  /** Up to which write all has been shown, or need not be. */
  private long reached;

  /** Whether that is all that the server has. */
  private boolean certain;

  /** Up to which write the last gap was that there is before one that has been shown. */
  private long gap;

  JournalReader(Path directory) {
    this.directory = directory;
  }

  /** Is shown what was appended at once. */
  interface Visitor {
    /**
     * Is shown writes.
     *
     * @param writes those that come next, in their order
     * @param sequence the number up to which there are no others
     */
    void visit(List<SpooledWrite> writes, long sequence) throws IOException;
  }

  /** How many writes there are that the journal does not know the server to have. */
  long count() throws IOException {
    long[] count = new long[1];
    read(0, false, (writes, sequence) -> count[0] += writes.size());
    return count[0];
  }

  /**
   * Shows all writes after a number, as far as the journal still has them.
   *
   * @param known whether the server is known to have no others: then none may be missing, but for
   *     those that it had once, and has lost
   * @return the number of the last one
   * @throws CorruptStoreException if some of them are missing, or damaged
   */
  long read(long after, boolean known, Visitor visitor) throws IOException {
    reached = after;
    certain = known;
    gap = after;
    SortedMap<Long, Path> files = JournalFiles.in(directory);
    for (Path file : files.tailMap(first(files)).values()) {
      read(file, visitor);
    }
    return reached;
  }

  /** What the journal still has of the writes after a number and up to another one. */
  Remainder remainder(long after, long last) throws IOException {
    List<SpooledWrite> found = new ArrayList<>();
    read(
        after,
        false,
        (writes, sequence) ->
            writes.stream().filter(each -> each.write().sequence() <= last).forEach(found::add));
    return new Remainder(reached < last ? last : Math.min(gap, last), found);
  }

  /**
   * The newest file that has all that the server lacks, if there is one: earlier ones may be gone.
   */
  private static long first(SortedMap<Long, Path> files) throws IOException {
    long first = 0;
    for (Map.Entry<Long, Path> each : files.entrySet()) {
      try (DataInputStream in = open(each.getValue())) {
        Found found = isStart(in) ? next(in) : null;
        if (found != null && found.record.all()) {
          first = each.getKey();
        }
      }
    }
    return first;
  }

  private static DataInputStream open(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  private static boolean isStart(InputStream in) throws IOException {
    return Arrays.equals(in.readNBytes(JournalFiles.START.length), JournalFiles.START);
  }

  private void read(Path file, Visitor visitor) throws IOException {
    long at = JournalFiles.START.length;
    try (DataInputStream in = open(file)) {
      if (!isStart(in)) {
        checkRest(file, 0);
        return;
      }
      for (Found found = next(in); found != null; found = next(in)) {
        show(file, at, found.record, visitor);
        at += found.bytes;
      }
    }
    checkRest(file, at);
  }

  /** A record, and how many bytes it takes. */
  private record Found(JournalRecord record, long bytes) {}

  /** Reads a record; null if there is no whole one. */
  private static @Nullable Found next(InputStream in) throws IOException {
    byte[] head = in.readNBytes(JournalRecord.HEAD_BYTES);
    if (head.length < JournalRecord.HEAD_BYTES) {
      return null;
    }
    JournalRecord.Head read = JournalRecord.Head.read(ByteBuffer.wrap(head));
    if (read == null) {
      return null;
    }
    byte[] body = in.readNBytes(read.length());
    if (body.length < read.length() || !JournalRecord.isWhole(read, body, 0)) {
      return null;
    }
    return new Found(
        JournalRecord.decode(new DataInputStream(new ByteArrayInputStream(body))),
        JournalRecord.HEAD_BYTES + (long) body.length);
  }

  private void show(Path file, long at, JournalRecord record, Visitor visitor) throws IOException {
    if (record.after() > reached) {
      gap = record.after();
      checkGap(file, at, record);
      reached = Math.max(reached, record.forwarded());
    }
    if (record.sequence() > reached) {
      long before = reached;
      List<SpooledWrite> writes =
          record.writes().stream().filter(each -> each.write().sequence() > before).toList();
      visitor.visit(writes, record.sequence());
      reached = record.sequence();
    }
  }

  /** What is missing before a record must be what the server had once. */
  private void checkGap(Path file, long at, JournalRecord record) throws IOException {
    if (!certain) {
      return;
    }
    if (record.after() > known()) {
      throw new CorruptStoreException(
          file,
          at,
          "the writes with the sequence numbers "
              + (reached + 1)
              + " to "
              + record.after()
              + " are missing before it; what comes later can't go to the server without them. To"
              + " give all of it up, move the directory away");
    }
    LOG.log(
        Level.WARNING,
        "{0}: the server has lost writes that it had acknowledged: those with the sequence numbers"
            + " {1} to {2} are not in the spool any more",
        directory,
        reached + 1,
        record.after());
  }

  /** The number of the last write that any record knows the server to have had. */
  private long known() throws IOException {
    long known = 0;
    for (Path file : JournalFiles.in(directory).values()) {
      try (DataInputStream in = open(file)) {
        for (Found found = isStart(in) ? next(in) : null; found != null; found = next(in)) {
          known = Math.max(known, found.record.forwarded());
        }
      }
    }
    return known;
  }

  /** What is no record may be what was being written, unless that was known to be on disk. */
  private static void checkRest(Path file, long at) throws IOException {
    byte[] rest;
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(at);
      rest = in.readAllBytes();
    }
    if (rest.length == 0) {
      return;
    }
    if (at == 0 && JournalFiles.isOfAnyVersion(rest)) {
      throw new CorruptStoreException(
          file,
          0,
          "it is of a version that this NADB does not know; open it with the one that wrote it");
    }
    ByteBuffer bytes = ByteBuffer.wrap(rest);
    // A first record says nothing of the start of its file.
    for (int i = at == 0 ? JournalFiles.START.length + 1 : 1;
        i + JournalRecord.HEAD_BYTES < rest.length;
        i++) {
      JournalRecord.Head head = JournalRecord.Head.read(bytes.position(i));
      int body = i + JournalRecord.HEAD_BYTES;
      if (head != null
          && head.length() <= rest.length - body
          && JournalRecord.isWhole(head, rest, body)
          && JournalRecord.decode(
                  new DataInputStream(new ByteArrayInputStream(rest, body, head.length())))
              .synced()) {
        throw new CorruptStoreException(
            file,
            at,
            "a record is damaged that was on disk; what comes later can't go to the server without"
                + " it. To give all of it up, move the directory away");
      }
    }
    LOG.log(
        Level.WARNING,
        "{0}: the last {1} bytes are no whole record, and are left out: they were being written"
            + " when the process or the machine ended",
        file,
        rest.length);
  }
}
