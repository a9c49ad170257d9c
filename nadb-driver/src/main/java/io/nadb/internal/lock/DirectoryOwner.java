package io.nadb.internal.lock;

import java.io.IOException;
import java.nio.file.Path;

/** What the note in a directory says of its owner, for who only looks: nothing is locked. */
public final class DirectoryOwner {

  private DirectoryOwner() {}

  /** Says in a sentence who has the directory open, or had it last. */
  public static String describe(Path directory) throws IOException {
    OwnerNote note = OwnerNote.read(directory.resolve("nadb.owner"));
    if (note == null) {
      return "no owner is noted (nadb.owner is missing, or can't be read)";
    }
    if (!note.isOpen()) {
      return "it was closed by its last owner (" + note.shown() + ")";
    }
    boolean copied =
        !FileId.mayBeSame(
            note.directory(),
            FileId.of(directory),
            note.owner().sharesBoot(Processes.ofThisMachine().self()));
    if (copied) {
      return "it is a copy of a directory that was open (" + note.shown() + ")";
    }
    boolean shared = SharedDisks.isShared(SharedDisks.typeOf(directory));
    return switch (Processes.ofThisMachine().lifeOf(note.owner(), shared)) {
      case SELF -> "this process has it open, or has not closed it (" + note.shown() + ")";
      case ALIVE -> "a process that lives has it open, or has not closed it (" + note.shown() + ")";
      case GONE -> "its last owner has ended without closing it (" + note.shown() + ")";
      case UNSEEN, ELSEWHERE ->
          "it was not closed by its last owner, whose life can't be seen from here ("
              + note.shown()
              + ")";
    };
  }
}
