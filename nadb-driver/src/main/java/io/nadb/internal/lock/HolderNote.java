package io.nadb.internal.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A note beside a lock file, for as long as that is locked: which process has it. It decides
 * nothing, and is for the error of whoever is kept out.
 */
public final class HolderNote {

  private HolderNote() {}

  /** Notes this process, which has the lock. Where it can't be written, there is none. */
  public static void put(Path file) {
    ProcessIdentity self = Processes.ofThisMachine().self();
    OwnerNote note =
        new OwnerNote(self, "", file.toString(), "", "", UUID.randomUUID().toString(), true);
    boolean interrupted = Thread.interrupted(); // Which would make it fail.
    try {
      note.write(file);
    } catch (IOException e) {
      // As on a full disk: whoever is kept out learns only that somebody has the lock.
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Says which other process has the lock, as far as that is noted. */
  public static String describeOther(Path file) {
    OwnerNote note = readUninterrupted(file);
    if (note == null
        || Processes.ofThisMachine().lifeOf(note.owner(), false) == Processes.Life.GONE) {
      return "another process";
    }
    return "another process (" + note.process() + ")";
  }

  private static @Nullable OwnerNote readUninterrupted(Path file) {
    boolean interrupted = Thread.interrupted();
    try {
      return OwnerNote.read(file);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes it away, before the lock goes. */
  public static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The next one who has the lock replaces it.
    }
  }
}
