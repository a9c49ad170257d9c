package io.nadb.internal.spool;

import io.nadb.CorruptStoreException;
import io.nadb.NadbException;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which spool a directory has, and for which database, as the file {@code nadb.spool} says: three
 * lines.
 *
 * @param id by which the database knows it
 * @param database where that is, without credentials
 */
record SpoolIdentity(String id, String database) {
  private static final String VERSION = "version=1";
  private static final String ID = "id=";
  private static final String DATABASE = "database=";
  private static final int LINES = 3;

  static SpoolIdentity create(String database) {
    return new SpoolIdentity(newId(), database);
  }

  /** Letters and digits that nobody else has. */
  static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /**
   * Reads it; empty if the directory is new.
   *
   * @throws NadbException if the directory is something else
   */
  static Optional<SpoolIdentity> read(Path directory) throws IOException {
    Path file = file(directory);
    if (Files.notExists(file)) {
      if (Files.exists(directory.resolve("log")) || !JournalFiles.in(directory).isEmpty()) {
        throw new NadbException(
            directory
                + " is not a directory for a spool: it has files of a store, and no "
                + file.getFileName()
                + "; name another one in the option spool");
      }
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    if (lines.size() != LINES
        || !lines.get(0).equals(VERSION)
        || !lines.get(1).startsWith(ID)
        || !lines.get(2).startsWith(DATABASE)) {
      throw new CorruptStoreException(
          file, "it does not have the lines " + VERSION + ", " + ID + "… and " + DATABASE + "…");
    }
    return Optional.of(
        new SpoolIdentity(
            lines.get(1).substring(ID.length()), lines.get(2).substring(DATABASE.length())));
  }

  /** Writes it, on disk and whole or not at all. */
  void write(Path directory, StorageIo io) throws IOException {
    byte[] text =
        (VERSION + "\n" + ID + id + "\n" + DATABASE + database + "\n")
            .getBytes(StandardCharsets.UTF_8);
    Path draft = directory.resolve("nadb.spool.new");
    io.delete(draft);
    try (StorageIo.Output out = io.create(draft, 0)) {
      out.write(text, 0, text.length);
      out.sync();
    }
    io.rename(draft, file(directory));
    io.syncDirectory(directory);
  }

  private static Path file(Path directory) {
    return directory.resolve("nadb.spool");
  }
}
