package io.nadb.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * A test's temporary directory, whose name is chosen at once and which is made when somebody needs
 * it: making and deleting it is most of what a store in memory would cost a test.
 */
final class TestDirectory {
  private static final SecureRandom NAMES = new SecureRandom();

  /** Where it is or will be, until it is moved. */
  private final Path path;

  /** Whether it has been made, or will never be again. */
  private boolean made;

  private boolean kept;

  TestDirectory() {
    try {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
      path = temporary.resolve("nadb-test-" + Long.toUnsignedString(NAMES.nextLong(), 36));
    } catch (IOException e) {
      throw new UncheckedIOException("can't find the directory for temporary files", e);
    }
  }

  /** Where it is or will be. */
  Path path() {
    return path;
  }

  /** Makes it, for its owner alone, if it is not there yet and has not been deleted. */
  synchronized Path make() {
    if (!made) {
      try {
        Files.createDirectory(path, ownersAlone(path));
      } catch (IOException e) {
        throw new UncheckedIOException("can't create the temporary directory " + path, e);
      }
      made = true;
    }
    return path;
  }

  private static FileAttribute<?>[] ownersAlone(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Makes it, and lets nobody delete it. */
  synchronized Path keep() {
    kept = true;
    return make();
  }

  /** Moves it, over what is there, perhaps to another file system. */
  synchronized void moveTo(Path target) {
    if (Files.exists(path)) {
      try {
        Directories.move(path, target);
      } catch (IOException e) {
        throw new UncheckedIOException("can't move " + path + " to " + target, e);
      }
    }
  }

  /** Deletes it with all that is in it, if it was made, by whomever, and is not to be kept. */
  synchronized void delete() {
    made = true;
    if (!kept && Files.exists(path)) {
      Directories.delete(path);
    }
  }
}
