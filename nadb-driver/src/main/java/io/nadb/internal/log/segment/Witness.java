package io.nadb.internal.log.segment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.internal.log.format.LogIdentity;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows which segments a log has, and writes it down in {@code nadb.lineage} ({@link WitnessFile}),
 * so that a file that is missing, or is not the one that belongs there, is noticed at open.
 *
 * <p>The file never claims more than what is on disk for sure; {@link SegmentChain} allows for what
 * it does not know yet:
 *
 * <pre>
 *   new log      write it, with no segment       a crash leaves an empty log
 *   new segment  make the segment, sync its      a crash leaves one segment after the last, in which
 *                name; add it here               nothing has been acknowledged
 *   compaction   rename over the first input,    a crash leaves one segment that says by its header
 *                sync the name; replace the      which inputs it replaces, and all of these
 *                inputs here; delete them        a crash leaves inputs that count no more
 *   giving a segment up, which has no cut that counts:
 *                take it out here; delete it     a crash leaves one segment after the last
 * </pre>
 *
 * <p>If writing fails, either the old list or the new one may be found after a crash, and what is
 * there fits both. Before anything is done that would not, it is written again: {@link #settle}.
 */
public final class Witness {
  private final Path directory;
  private final StorageIo io;
  private final LogIdentity identity;

  @GuardedBy("this")
  private final NavigableMap<Long, Entry> entries = new TreeMap<>();

  /** Whether the file may say something else. */
  @GuardedBy("this")
  private boolean unsure;

  /**
   * A segment of the log.
   *
   * @param version the format's
   * @param covers the last ordinal whose outcome it holds
   * @param id the file's id
   * @param end where its content ends; 0: not known here, its successor knows
   */
  public record Entry(long ordinal, long covers, int version, int generation, long id, long end) {

    public static Entry of(SegmentHeader header, long end) {
      return new Entry(
          header.ordinal(),
          header.covers(),
          header.version(),
          header.generation(),
          header.id(),
          end);
    }

    /** Whether this very file is meant, and not an earlier or later one with the same name. */
    boolean isOf(SegmentHeader header) {
      return id == header.id() && generation == header.generation();
    }

    private boolean says(@Nullable Entry other) {
      return other != null
          && ordinal == other.ordinal
          && covers == other.covers
          && version == other.version
          && generation == other.generation
          && id == other.id
          && end == other.end;
    }
  }

  /** Begins with what the file says, or, if there is none, with nothing. */
  public Witness(
      Path directory, StorageIo io, LogIdentity identity, Collection<Entry> found, boolean unsure) {
    this.directory = directory;
    this.io = io;
    this.identity = identity;
    this.unsure = unsure;
    found.forEach(entry -> entries.put(entry.ordinal(), entry));
  }

  public LogIdentity identity() {
    return identity;
  }

  /** The file says what is known here, or this fails. */
  synchronized void settle() throws IOException {
    if (unsure) {
      write();
    }
  }

  /** Takes notice of a new last segment, whose name is on disk. */
  public synchronized void add(SegmentHeader header) throws IOException {
    entries.put(header.ordinal(), Entry.of(header, 0));
    write();
  }

  /** Takes notice of a segment that compaction has put, for good, in the place of others. */
  public synchronized void replace(SegmentHeader header, long end) throws IOException {
    entries.subMap(header.ordinal(), true, header.covers(), true).clear();
    entries.put(header.ordinal(), Entry.of(header, end));
    write();
  }

  /** Forgets a last segment, which may be deleted then. */
  public synchronized void remove(long ordinal) throws IOException {
    if (entries.remove(ordinal) != null || unsure) {
      write();
    }
  }

  /** Replaces all that is known; writes it down if that is something else. */
  public synchronized void become(List<Entry> found) throws IOException {
    boolean same = found.size() == entries.size();
    for (Entry entry : found) {
      same = same && entry.says(entries.get(entry.ordinal()));
    }
    if (!same) {
      entries.clear();
      found.forEach(entry -> entries.put(entry.ordinal(), entry));
      unsure = true;
    }
    settle();
  }

  @GuardedBy("this")
  private void write() throws IOException {
    unsure = true;
    WitnessFile.write(directory, io, identity, entries.values());
    unsure = false;
  }
}
