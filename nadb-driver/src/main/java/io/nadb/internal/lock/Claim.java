package io.nadb.internal.lock;

import io.nadb.StoreLockedException;
import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known when a directory's lock has been got: decides whether the directory may be had.
 *
 * @param directoryId the directory's {@link FileId}
 * @param now the time, for the note
 * @param diskType the name of the file system that the directory is on
 * @param former the note that is in the directory, if there is one
 */
record Claim(
    Path directory,
    String directoryId,
    Instant now,
    Processes processes,
    String diskType,
    @Nullable OwnerNote former) {
  private static final Logbook LOG = Logbook.of(Claim.class);

  /**
   * Refuses the directory to this process if the one that has noted itself may live.
   *
   * @param lockId the file that this process has locked
   * @return whether the former owner is known to have ended
   */
  boolean isCertain(String lockId) {
    OwnerNote note = former;
    if (note == null) {
      return false; // Somebody may have deleted it, and the lock, while the owner runs.
    }
    if (!note.isOpen() || isCopied(note)) {
      return true;
    }
    // If the file is the same, it counts for something that its lock was to be had.
    boolean sameLock = FileId.mayBeSame(note.lock(), lockId, isOfThisBoot(note));
    switch (processes.lifeOf(note.owner(), SharedDisks.isShared(diskType))) {
      case SELF -> {
        if (!sameLock && processes.mayHaveOpen(note.owner(), note.lock())) {
          throw refused(directory, note, "by another registry of this process");
        }
      }
      case ALIVE -> {
        if (processes.mayHaveOpen(note.owner(), note.lock())) {
          throw refused(directory, note, "by another process");
        }
      }
      case UNSEEN -> {
        if (!sameLock) {
          throw unsure(note, "nadb.lock is not the file that it has locked, and");
        }
        LOG.log(
            Level.INFO,
            directory
                + " was not closed by its last owner ("
                + note.shown()
                + "), whose end can't be seen from here; its lock is free, so it is taken to have"
                + " ended");
        return false;
      }
      case ELSEWHERE ->
          throw unsure(
              note,
              "on a disk that machines share (" + diskType + ") a free lock tells little, and");
      case GONE -> {}
    }
    return true;
  }

  /** Whether the note came here with a copy of the directory that it is about. */
  private boolean isCopied(OwnerNote note) {
    return !FileId.mayBeSame(note.directory(), directoryId, isOfThisBoot(note));
  }

  private boolean isOfThisBoot(OwnerNote note) {
    return note.owner().sharesBoot(processes.self());
  }

  private StoreLockedException unsure(OwnerNote note, String why) {
    return new StoreLockedException(
        directory
            + " was not closed by its last owner ("
            + note.shown()
            + "): "
            + why
            + " whether that process lives can't be seen from here. If it has ended, delete "
            + directory.resolve("nadb.owner")
            + " and open again; one process at a time can use it");
  }

  static StoreLockedException refused(Path directory, @Nullable OwnerNote owner, String holder) {
    return new StoreLockedException(
        directory
            + " is already open "
            + holder
            + (owner == null ? "" : " (" + owner.shown() + ")")
            + "; one process at a time can use it");
  }
}
