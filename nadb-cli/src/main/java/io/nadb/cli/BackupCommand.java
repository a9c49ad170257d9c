package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.backup.Backup;
import io.nadb.backup.Backups;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nadb backup}: a backup of a store that may be in use. */
@Command(
    name = "backup",
    description = {
      "Backs a store in files up, all of its namespaces, while others use it.",
      "Shares by hard link what the last backup in the directory has too. What another process has"
          + " open is backed up as of its last flush."
    })
final class BackupCommand extends StoreCommand {
  @Parameters(
      index = "1",
      paramLabel = "<directory>",
      description = "Where backups of this store go, each into a directory of its own.")
  private Path directory = Path.of("");

  @Option(names = "--full", description = "Copies everything, and shares nothing.")
  private boolean full;

  BackupCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    try (ProgressBar progress = ProgressBar.begin(environment(), "backup")) {
      Backups backups = Backups.at(directory).reporting(progress);
      Backup made = full ? backups.createFull(opened) : backups.create(opened);
      progress.end();
      BackupForm.write(List.of(made), environment(), output());
    }
    return ExitCode.DONE;
  }
}
