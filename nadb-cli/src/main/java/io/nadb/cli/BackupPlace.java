package io.nadb.cli;

import io.nadb.backup.Backup;
import io.nadb.backup.BackupProgress;
import io.nadb.backup.Backups;
import io.nadb.cli.text.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds a backup by what somebody has typed: its own directory, or the one that it is in. */
final class BackupPlace {

  private BackupPlace() {}

  /** The backup that a directory is; empty if it is none. */
  static Optional<Backup> at(Path directory, BackupProgress progress) {
    Path whole = directory.toAbsolutePath().normalize();
    Path parent = whole.getParent();
    if (parent == null || !Files.isDirectory(whole)) {
      return Optional.empty();
    }
    return Backups.at(parent).reporting(progress).list().stream()
        .filter(backup -> backup.directory().equals(whole))
        .findFirst();
  }

  /** The backup that a directory is, or the newest one of those in it. */
  static Backup newest(Path directory, Environment environment, BackupProgress progress) {
    Optional<Backup> itself = at(directory, progress);
    if (itself.isPresent()) {
      return itself.get();
    }
    List<Backup> all = Backups.at(directory).reporting(progress).list();
    if (all.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          Printable.of(directory.toString()) + " is no backup, and there is none in it");
    }
    Backup newest = all.get(all.size() - 1);
    environment.note("nadb: the newest of " + all.size() + ": " + newest.directory());
    return newest;
  }
}
