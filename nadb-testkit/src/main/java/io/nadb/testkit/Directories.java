package io.nadb.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Work on whole directories. */
final class Directories {
  private static final System.Logger LOG = System.getLogger(Directories.class.getName());

  private Directories() {}

  /** Deletes a directory; what can't be deleted stays, with a warning, and fails no test. */
  static void delete(Path directory) {
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
                throws IOException {
              Files.delete(dir);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      LOG.log(Level.WARNING, "can't delete the test directory " + directory, e);
    }
  }

  /** Moves a directory over what is there, also to another file system. */
  static void move(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      delete(to);
    }
    Path parent = to.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.move(from, to);
    } catch (IOException e) { // Another file system: what is in the directory must be copied.
      copy(from, to);
      delete(from);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  /** Deletes all files below a directory whose names begin so. */
  static void deleteFiles(Path directory, String prefix) throws IOException {
    for (Path file : files(directory)) {
      if (String.valueOf(file.getFileName()).startsWith(prefix)) {
        Files.delete(file);
      }
    }
  }

  /** Lists all files below a directory. */
  static List<Path> files(Path directory) {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("can't list " + directory, e);
    }
  }
}
