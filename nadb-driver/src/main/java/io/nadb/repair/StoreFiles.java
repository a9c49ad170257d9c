package io.nadb.repair;

import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The directory of one database of a store.
 *
 * @param database has the log, the lock and the note of the owner
 */
record StoreFiles(Path database) {

  /** Finds it: the directory that is given, or the only one in it that has a log. */
  static StoreFiles find(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    if (!Files.isDirectory(absolute)) {
      throw new NoSuchFileException(absolute.toString(), null, "it is no directory, or not there");
    }
    if (Files.isDirectory(absolute.resolve("log"))) {
      return new StoreFiles(absolute);
    }
    List<Path> databases;
    try (Stream<Path> all = Files.list(absolute)) {
      databases = all.filter(each -> Files.isDirectory(each.resolve("log"))).sorted().toList();
    }
    if (databases.size() == 1) {
      return new StoreFiles(databases.get(0));
    }
    throw new NoSuchFileException(
        absolute.toString(),
        null,
        databases.isEmpty()
            ? "there is no store in it: neither it nor a directory in it has a directory 'log'"
            : "there are several databases in it; name one of " + databases);
  }

  Path log() {
    return database.resolve("log");
  }

  /** What the directory is called in which the store is opened. */
  Path name() {
    return Objects.requireNonNull(database.getFileName(), "the directory's name");
  }

  /** An error of the disk in the words of the library. */
  static NadbException failed(String what, IOException e) {
    return new NadbException(what + ": " + Reason.of(e), e);
  }
}
