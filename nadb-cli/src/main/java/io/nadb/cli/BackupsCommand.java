package io.nadb.cli;

import io.nadb.backup.Backups;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nadb backups}: which there are. */
@Command(
    name = "backups",
    description = "Lists the backups in a directory, the earliest first.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BackupsCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin private final OutputChoice output = new OutputChoice();

  @Parameters(index = "0", paramLabel = "<directory>", description = "Where they are.")
  private Path directory = Path.of("");

  BackupsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    BackupForm.write(Backups.at(directory).list(), environment, output);
    return ExitCode.DONE.code();
  }
}
