package io.nadb.testkit.disk;

import java.nio.file.Path;

/**
 * One change that was made to a simulated disk.
 *
 * @param kind what was done
 * @param inode the file, as an identity that survives renaming; -1 if it is a directory
 * @param path the name, or the directory
 * @param target the new name of what is renamed or linked, else {@code path}
 * @param offset where was written; or the new length
 * @param bytes what was written
 * @param happened whether it took effect (a write: these bytes; all else: at all)
 * @param failed whether the caller was told that it failed
 * @since 0.1.0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DiskOperation(
    Kind kind,
    int inode,
    Path path,
    Path target,
    long offset,
    byte[] bytes,
    boolean happened,
    boolean failed) {

  /** What can be done to a disk. */
  public enum Kind {
    CREATE,
    CREATE_DIRECTORY,
    OPEN,
    WRITE,
    SYNC,
    SET_LENGTH,
    CLOSE,
    RENAME,
    LINK,
    DELETE,
    SYNC_DIRECTORY
  }

  /** Whether a directory gets another name, and all that is below it. */
  boolean renamesDirectory() {
    return kind == Kind.RENAME && inode < 0;
  }

  /** The same, where a directory that it was done below has another name. */
  DiskOperation moved(Path from, Path to) {
    return new DiskOperation(
        kind,
        inode,
        moved(path, from, to),
        moved(target, from, to),
        offset,
        bytes,
        happened,
        failed);
  }

  static Path moved(Path path, Path from, Path to) {
    return path.startsWith(from) && !path.equals(from) ? to.resolve(from.relativize(path)) : path;
  }

  @Override
  public String toString() {
    return kind
        + " "
        + path.getFileName()
        + (kind == Kind.RENAME || kind == Kind.LINK ? " to " + target.getFileName() : "")
        + (kind == Kind.WRITE ? " at " + offset + ", " + bytes.length + " bytes" : "")
        + (kind == Kind.SET_LENGTH || kind == Kind.OPEN ? " length " + offset : "")
        + (failed ? happened ? " (done, but failed)" : " (failed)" : "");
  }
}
