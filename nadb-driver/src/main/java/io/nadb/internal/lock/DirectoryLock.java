package io.nadb.internal.lock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.StoreLockedException;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.LocationLostException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The claim of one store on a directory: an operating system's lock on {@code nadb.lock}, and an
 * {@link OwnerNote} in {@code nadb.owner}.
 *
 * <p>The lock can be lost without notice, when the process copies the file or somebody deletes it,
 * so who comes second also looks whether the owner in the note lives; and the owner looks, before
 * it changes the directory and before it acknowledges a flush, whether the note is still its own.
 * The note stays when the directory is closed: so an owner that had lost its lock finds out even if
 * the other one has come and gone.
 *
 * <p>Where the note can't be written, as on a full disk, the lock alone decides. Two registries of
 * one JVM, even in different class loaders, are kept apart by a monitor on an interned string,
 * which all class loaders share.
 */
public final class DirectoryLock implements AutoCloseable {
  private static final Logbook LOG = Logbook.of(DirectoryLock.class);

  private final Path directory;
  private final Path lockFile;
  private final Path noteFile;
  private final String directoryId;

  /** A note of a former owner that could not be replaced; it means nothing. */
  private final String formerToken;

  private final boolean certain;

  @GuardedBy("monitor")
  private LockFile lock;

  @GuardedBy("monitor")
  private OwnerNote note;

  /** Who has taken the directory; once somebody has, it never is this store's again. */
  @GuardedBy("monitor")
  private @Nullable String takenBy;

  /** The note's file as this wrote it; null while there is none. */
  private volatile @Nullable BasicFileAttributes written;

  private final Object monitor;

  private DirectoryLock(Claim claim, boolean certain, LockFile lock, Object monitor) {
    this.directory = claim.directory();
    this.lockFile = lockFile(directory);
    this.noteFile = noteFile(directory);
    this.directoryId = claim.directoryId();
    OwnerNote former = claim.former();
    this.formerToken = former == null ? "" : former.token();
    this.certain = certain;
    this.lock = lock;
    this.monitor = monitor;
    this.note =
        OwnerNote.of(
            claim.processes().self(),
            claim.now(),
            directory,
            directoryId,
            lock.id(),
            UUID.randomUUID().toString());
  }

  /**
   * Claims a directory.
   *
   * @param now the time, for the note
   * @throws StoreLockedException if it is taken
   */
  public static DirectoryLock acquire(Path directory, Instant now) throws IOException {
    return acquire(directory, now, Processes.ofThisMachine(), SharedDisks.typeOf(directory));
  }

  static DirectoryLock acquire(Path directory, Instant now, Processes processes, String diskType)
      throws IOException {
    String id = FileId.of(directory);
    Object monitor = ("io.nadb.lock:" + id).intern();
    synchronized (monitor) {
      LockFile lock;
      try {
        lock = LockFile.lock(lockFile(directory));
      } catch (OverlappingFileLockException e) {
        throw Claim.refused(directory, readNote(directory), "by another registry of this process");
      }
      if (lock == null) {
        throw Claim.refused(directory, readNote(directory), "by another process");
      }
      try {
        Claim claim = new Claim(directory, id, now, processes, diskType, readNote(directory));
        boolean certain = claim.isCertain(lock.id());
        DirectoryLock acquired = new DirectoryLock(claim, certain, lock, monitor);
        acquired.noteAtOnce();
        return acquired;
      } catch (RuntimeException | Error e) {
        try (lock) {
          throw e;
        }
      }
    }
  }

  private static Path lockFile(Path directory) {
    return directory.resolve("nadb.lock");
  }

  private static Path noteFile(Path directory) {
    return directory.resolve("nadb.owner");
  }

  private static @Nullable OwnerNote readNote(Path directory) {
    return OwnerNote.read(noteFile(directory));
  }

  /**
   * Whether the owner before is known to have ended. If not, it may still write to the files that
   * it has open, and so nothing may be appended to these.
   */
  public boolean isCertain() {
    return certain;
  }

  /**
   * Checks that the directory is still this store's own, at the cost of asking for one file's
   * attributes. May be called by any thread.
   *
   * @throws LocationLostException if it is not
   */
  public void check() throws LocationLostException {
    BasicFileAttributes expected = written;
    if (expected == null || !isSame(expected, attributes(noteFile))) {
      synchronized (monitor) {
        examine();
      }
    }
  }

  @GuardedBy("monitor")
  private void examine() throws LocationLostException {
    if (takenBy != null) {
      throw taken(takenBy);
    }
    checkDirectory();
    OwnerNote found = OwnerNote.read(noteFile);
    if (found == null || found.token().equals(formerToken)) {
      if (!lock.isAt(lockFile)) {
        lockAnew();
      }
      tryToNote(Level.DEBUG);
    } else if (!found.token().equals(note.token())) {
      takenBy = found.shown();
      throw taken(takenBy);
    } else {
      written = attributes(noteFile); // Somebody has touched it.
    }
  }

  private void checkDirectory() throws LocationLostException {
    String there;
    try {
      there = FileId.of(directory);
    } catch (IOException e) {
      throw lost(directory + " is gone: it was deleted or moved while the store had it open");
    }
    if (!there.equals(directoryId)) {
      throw lost(
          directory
              + " is another directory than the one that the store has opened (device and inode "
              + there
              + ", and not "
              + directoryId
              + "): that one was deleted or moved away");
    }
  }

  /** Note and lock file were deleted, and nobody has come yet: a second one would be let in. */
  @GuardedBy("monitor")
  private void lockAnew() throws LocationLostException {
    LockFile again;
    try {
      again = LockFile.lock(lockFile);
    } catch (IOException | OverlappingFileLockException e) {
      throw lost(lockFile + " was deleted, and can't be locked anew (" + e + ")");
    }
    if (again == null) {
      takenBy = "another process, which has " + lockFile + " locked";
      throw taken(takenBy);
    }
    LOG.log(
        Level.WARNING,
        "{0} and {1} were deleted while the store was open; they have been made anew",
        lockFile,
        noteFile.getFileName());
    LockFile before = lock;
    lock = again;
    note =
        new OwnerNote(
            note.owner(), note.since(), note.path(), directoryId, again.id(), note.token(), true);
    try {
      before.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a channel on a deleted file", e);
    }
  }

  private void noteAtOnce() {
    synchronized (monitor) {
      tryToNote(Level.WARNING);
    }
  }

  @GuardedBy("monitor")
  private void tryToNote(Level level) {
    try {
      note.write(noteFile);
      written = attributes(noteFile);
    } catch (IOException e) {
      written = null;
      LOG.log(
          level,
          noteFile
              + " can't be written; until it can, the lock on "
              + lockFile.getFileName()
              + " alone keeps a second process out",
          e);
    }
  }

  private LocationLostException taken(String owner) {
    return new LocationLostException(
        directory
            + " has been taken by "
            + owner
            + "; nothing is written there any more: close this store, which loses what it has"
            + " buffered, and see to it that one process at a time uses the directory");
  }

  private static LocationLostException lost(String what) {
    return new LocationLostException(
        what
            + "; nothing is written there any more: put it back, or close the store, which loses"
            + " what it has buffered, and open it again");
  }

  private static @Nullable BasicFileAttributes attributes(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean isSame(BasicFileAttributes one, @Nullable BasicFileAttributes other) {
    return other != null
        && Objects.equals(one.fileKey(), other.fileKey())
        && one.size() == other.size()
        && one.lastModifiedTime().equals(other.lastModifiedTime());
  }

  /** Lets the directory go. */
  @Override
  public void close() throws IOException {
    synchronized (monitor) {
      try {
        noteEnd();
      } finally {
        lock.close();
      }
    }
  }

  @GuardedBy("monitor")
  private void noteEnd() {
    OwnerNote found = OwnerNote.read(noteFile);
    if (found != null && found.token().equals(note.token())) {
      try {
        note.closed().write(noteFile);
      } catch (IOException e) {
        LOG.log(
            Level.WARNING,
            noteFile
                + " can't be written, and goes on saying that the directory is open; on this"
                + " machine that keeps nobody out",
            e);
      }
    }
  }
}
