package io.nadb.testkit.disk;

import io.nadb.testkit.disk.PendingContent.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is left of a disk after a crash.
 *
 * @param files the files, by name, those in missing directories included
 * @param missing directories whose names are gone, and with them all that was in them
 */
record Aftermath(Map<Path, Buffer> files, Set<Path> missing) {

  /**
   * Whether a name, of a file or a directory, can be found, as far as directories are concerned.
   */
  boolean has(Path name) {
    return missing.stream().noneMatch(name::startsWith);
  }

  /** The names that are found. */
  Set<Path> names() {
    Set<Path> found = new TreeSet<>(files.keySet());
    found.removeIf(name -> !has(name));
    return found;
  }

  /**
   * Writes the files of a directory into another one.
   *
   * @param zeros how many of the zeros at a file's end are written at most
   */
  void copy(Path from, Path to, int zeros) throws IOException {
    for (Map.Entry<Path, Buffer> file : files.entrySet()) {
      if (file.getKey().startsWith(from) && has(file.getKey())) {
        Path target = to.resolve(from.relativize(file.getKey()).toString());
        Files.createDirectories(target.resolveSibling("."));
        Files.write(target, file.getValue().content(zeros));
      }
    }
  }

  /** Puts the files where they were, in the place of those that are there. */
  void replace(Set<Path> present, int zeros) throws IOException {
    for (Path file : present) {
      Files.deleteIfExists(file);
    }
    for (Path directory : missing) {
      deleteAll(directory);
    }
    for (Map.Entry<Path, Buffer> file : files.entrySet()) {
      if (has(file.getKey())) {
        Files.write(file.getKey(), file.getValue().content(zeros));
      }
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
