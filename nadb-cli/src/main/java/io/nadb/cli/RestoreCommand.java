package io.nadb.cli;

import io.nadb.backup.Backup;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.Printable;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nadb restore}: a store out of a backup. */
@Command(
    name = "restore",
    description = {
      "Makes a store of a backup, in a directory that does not exist yet: all of it, or nothing.",
      "Each byte is checked on the way."
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  private final Environment environment;

  @Parameters(
      index = "0",
      paramLabel = "<backup>",
      description = "A backup, or a directory of backups: then the newest of them.")
  private Path from = Path.of("");

  @Parameters(index = "1", paramLabel = "<target>", description = "The store's new directory.")
  private Path target = Path.of("");

  @Option(
      names = "--to",
      paramLabel = "<time>",
      description =
          "As it was then: 2026-11-29T12:00:00Z, or 2h ago; as far back as the store's history went.")
  private @Nullable String moment;

  RestoreCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (ProgressBar progress = ProgressBar.begin(environment, "restore")) {
      Backup backup = BackupPlace.newest(from, environment, progress);
      if (moment == null) {
        backup.restore(target);
      } else {
        backup.restore(
            target, Amounts.parseTime(moment, environment.time().now(), -1, environment.zone()));
      }
      progress.end();
    }
    environment.out().println("restored to " + Printable.of(target.toString()));
    environment.out().flush();
    return ExitCode.DONE.code();
  }
}
