package io.nadb.internal.spool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.internal.lock.OwnedIo;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.Cut;
import io.nadb.spi.Journal;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appends what is written to files in the directory of a spool, and deletes files when the server
 * has all that is in them.
 *
 * <p>A file that could not be written or synced is never continued, since nobody knows what of it
 * is on disk: what the server does not have goes into a new one as a whole, and when that is on
 * disk the others are deleted.
 *
 * <p>Whoever reads what is left must be able to tell a file that was deleted, though the server may
 * have lost what was in it since, from one that is missing. So before files go and others stay, it
 * is noted in one that stays what the server has had; and if all go, the newest goes first.
 */
final class SpoolJournal implements Journal, Remainder.Source, AutoCloseable {
  private static final Logbook LOG = Logbook.of(SpoolJournal.class);

  private static final long FILE_BYTES = 16 << 20;

  /** Of so many files' bytes it may be large. */
  private static final int LARGE_FILES = 2;

  /** From so many times what there was when it was written anew on. */
  private static final int LARGE_FACTOR = 4;

  /**
   * A file that the server has all of is kept up to this part, since a new one costs a few syncs.
   */
  private static final int KEPT_PART = 16;

  private final Path directory;
  private final OwnedIo io;
  private final boolean syncs;
  private final long fileBytes;
  private final ReentrantLock lock = new ReentrantLock();

  /** What is continued; null if the next cut begins a file. */
  @GuardedBy("lock")
  private @Nullable Part open;

  /** The files that are not continued any more, the oldest first. */
  @GuardedBy("lock")
  private final SortedMap<Long, Part> ended = new TreeMap<>();

  @GuardedBy("lock")
  private long ordinal;

  /** The number of the last write that has been appended. */
  @GuardedBy("lock")
  private long appended;

  /** The number of the last write that the server has. */
  @GuardedBy("lock")
  private long forwarded;

  /** What the newest record says of that. */
  @GuardedBy("lock")
  private long noted;

  /** How much there is, and was when all was written anew; written under the lock. */
  private volatile long bytes;

  private volatile long anewBytes;

  /**
   * Begins after what the server has.
   *
   * @param syncs whether what is appended is on disk
   * @param reached the number of the last write, which the server has
   */
  SpoolJournal(Path directory, OwnedIo io, boolean syncs, long reached) throws IOException {
    this(directory, io, syncs, reached, FILE_BYTES);
  }

  /**
   * As above.
   *
   * @param fileBytes at which size it goes on in a new file
   */
  SpoolJournal(Path directory, OwnedIo io, boolean syncs, long reached, long fileBytes)
      throws IOException {
    this.directory = directory;
    this.io = io;
    this.syncs = syncs;
    this.fileBytes = fileBytes;
    this.appended = reached;
    this.forwarded = reached;
    this.noted = reached;
    for (Map.Entry<Long, Path> left : JournalFiles.in(directory).entrySet()) {
      ordinal = left.getKey();
      ended.put(ordinal, new Part(left.getValue(), null, reached));
    }
    trim();
  }

  /** A file. */
  private static final class Part {
    private final Path file;
    private final StorageIo.@Nullable Output out;

    /** The number of the last write that may be in it. */
    private long last;

    private long bytes;

    Part(Path file, StorageIo.@Nullable Output out, long last) {
      this.file = file;
      this.out = out;
      this.last = last;
    }

    StorageIo.Output out() {
      if (out == null) {
        throw new IllegalStateException(file + " is not open for writing");
      }
      return out;
    }
  }

  @Override
  public String place() {
    return directory.toString();
  }

  @Override
  public boolean isLarge() {
    return bytes > LARGE_FILES * fileBytes && bytes > LARGE_FACTOR * anewBytes;
  }

  @Override
  public void append(Cut cut, boolean all) throws IOException {
    lock.lock();
    try {
      ByteBuffer record =
          JournalRecord.encode(syncs && !all, all, all ? forwarded : appended, forwarded, cut);
      if (all) {
        abandon();
        writeAnew(record, cut.sequence());
      } else {
        write(record, cut.sequence());
      }
      appended = cut.sequence();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void write(ByteBuffer record, long last) throws IOException {
    try {
      Part part = open;
      if (part != null && part.bytes + record.limit() > fileBytes) {
        end(part);
        part = null;
      }
      append(part == null ? begin() : part, record, last, syncs);
    } catch (Throwable e) {
      abandon();
      throw e;
    }
  }

  @GuardedBy("lock")
  private void writeAnew(ByteBuffer record, long last) throws IOException {
    SortedMap<Long, Part> before = new TreeMap<>(ended);
    try {
      append(begin(), record, last, true);
    } catch (Throwable e) {
      Part failed = open;
      abandon();
      if (failed != null) {
        ended.values().remove(failed);
        delete(failed);
      }
      throw e;
    }
    ended.keySet().removeAll(before.keySet());
    before.values().forEach(this::delete);
    anewBytes = bytes;
  }

  @GuardedBy("lock")
  private Part begin() throws IOException {
    Path file = JournalFiles.file(directory, ++ordinal);
    Part part = new Part(file, io.create(file, 0), appended);
    open = part;
    part.out().write(JournalFiles.START, 0, JournalFiles.START.length);
    count(part, JournalFiles.START.length);
    io.syncDirectory(directory);
    return part;
  }

  @GuardedBy("lock")
  private void append(Part part, ByteBuffer record, long last, boolean sync) throws IOException {
    part.last = last; // First: some of it may be there whatever happens.
    part.out().write(record.array(), record.arrayOffset(), record.limit());
    count(part, record.limit());
    if (sync) {
      part.out().sync();
    } else {
      io.check(); // A file in a directory that was deleted outlives nothing.
    }
    noted = forwarded;
  }

  @GuardedBy("lock")
  @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
  private void count(Part part, long more) {
    part.bytes += more;
    bytes += more;
  }

  /** Ends a file that is sound. */
  @GuardedBy("lock")
  private void end(Part part) throws IOException {
    try (StorageIo.Output out = part.out()) {
      out.sync();
    }
    open = null;
    ended.put(ordinal, part);
  }

  /** Ends the file, whatever is in it by now. */
  @GuardedBy("lock")
  private void abandon() {
    Part part = open;
    if (part == null) {
      return;
    }
    open = null;
    ended.put(ordinal, part);
    try {
      part.out().close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a file that is not continued", e);
    }
  }

  /** Notes that the server has all writes up to one, and deletes what is not needed any more. */
  void forwarded(long sequence) {
    lock.lock();
    try {
      forwarded = Math.max(forwarded, sequence);
      Part part = open;
      if (part != null && part.last <= forwarded && part.bytes > fileBytes / KEPT_PART) {
        abandon();
      }
      trim();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void trim() {
    NavigableMap<Long, Part> over = new TreeMap<>(ended);
    long there = forwarded;
    over.values().removeIf(part -> part.last > there);
    boolean all = open == null && over.size() == ended.size();
    if (over.isEmpty() || !(all || isNoted(over.lastEntry().getValue().last))) {
      return;
    }
    for (Map.Entry<Long, Part> each : (all ? over.descendingMap() : over).entrySet()) {
      if (!delete(each.getValue())) {
        return;
      }
      ended.remove(each.getKey());
    }
  }

  /** Sees to it that a file that stays says that the server has had a write. */
  @GuardedBy("lock")
  private boolean isNoted(long sequence) {
    Part part = open;
    if (noted < sequence && part != null) {
      try {
        ByteBuffer note = JournalRecord.note(syncs, appended, forwarded);
        append(part, note, part.last, syncs);
      } catch (IOException e) {
        abandon();
        LOG.log(Level.DEBUG, "files stay that the server has all of", e);
      }
    }
    return noted >= sequence;
  }

  /** Deletes a file that means nothing any more; one that can't be means nothing either. */
  @GuardedBy("lock")
  @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held
  private boolean delete(Part part) {
    try {
      io.delete(part.file);
      bytes -= part.bytes;
      return true;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "can't delete " + part.file + ", of which the server has all", e);
      return false;
    }
  }

  /** What is still there of writes that the server had, and has lost. */
  @Override
  public Remainder remainder(long after, long last) throws IOException {
    lock.lock();
    try {
      return new JournalReader(directory).remainder(after, last);
    } finally {
      lock.unlock();
    }
  }

  /** Ends; what the server does not have stays for the next opening, and is on disk. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      Part part = open;
      if (part != null && part.last > forwarded) {
        try {
          end(part);
        } finally {
          abandon();
        }
      }
      abandon();
      trim();
    } finally {
      lock.unlock();
    }
  }
}
