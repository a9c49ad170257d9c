package io.nadb.internal.log.recovery;

import io.nadb.internal.report.Logbook;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The names that lead to a directory: without any one of them, a power cut leaves no store.
 *
 * <p>They are synced as long as the log has no segment, and not only by who created them: that
 * process may have been killed, or its sync may have failed, and nobody can see that. A log that
 * has a segment was begun after they were synced.
 */
public final class DirectoryNames {
  private static final Logbook LOG = Logbook.of(DirectoryNames.class);

  private DirectoryNames() {}

  /** Makes the name of a directory durable, and those of its parents in the same file system. */
  public static void sync(Path directory, StorageIo io) throws IOException {
    Path child = directory;
    for (Path parent = child.getParent();
        parent != null && isInOneFileSystem(child, parent);
        parent = parent.getParent()) {
      try {
        io.syncDirectory(parent);
      } catch (AccessDeniedException e) {
        // Who may not list a directory can't sync it either, though he may use what is in it.
        LOG.log(Level.DEBUG, "the name of " + child + " can't be synced", e);
      }
      child = parent;
    }
  }

  /** Whether no other file system begins in between; where nobody can tell, it is one. */
  private static boolean isInOneFileSystem(Path child, Path parent) throws IOException {
    try {
      return Files.getAttribute(child, "unix:dev").equals(Files.getAttribute(parent, "unix:dev"));
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return true;
    }
  }
}
