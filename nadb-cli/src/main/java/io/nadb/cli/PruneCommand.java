package io.nadb.cli;

import io.nadb.backup.Backup;
import io.nadb.backup.Backups;
import io.nadb.backup.Retention;
import io.nadb.cli.text.JsonText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nadb prune}: deletes backups that need not be kept. */
@Command(
    name = "prune",
    description = "Deletes all backups in a directory but those that are to be kept.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PruneCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin private final OutputChoice output = new OutputChoice();

  @Parameters(index = "0", paramLabel = "<directory>", description = "Where the backups are.")
  private Path directory = Path.of("");

  @Option(
      names = "--last",
      required = true,
      paramLabel = "<n>",
      description = "Keeps the last so many, at least 1.")
  private int last;

  @Option(
      names = "--daily",
      paramLabel = "<days>",
      description = "Keeps the last one of each of so many days (UTC), too.")
  private int days;

  PruneCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    List<String> deleted =
        Backups.at(directory).prune(Retention.last(last).daily(days)).stream()
            .map(Backup::directory)
            .map(Path::toString)
            .toList();
    if (output.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("deleted", deleted);
      environment.out().println(JsonText.of(json));
    } else if (output.raw()) {
      deleted.forEach(environment.out()::println);
    } else {
      deleted.forEach(each -> environment.out().println("deleted " + each));
      environment
          .out()
          .println(deleted.size() + " deleted, " + Backups.at(directory).list().size() + " kept");
    }
    environment.out().flush();
    return ExitCode.DONE.code();
  }
}
