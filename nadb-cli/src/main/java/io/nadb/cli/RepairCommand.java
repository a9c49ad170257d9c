package io.nadb.cli;

import io.nadb.cli.text.JsonText;
import io.nadb.repair.Repair;
import io.nadb.repair.RepairResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nadb repair}: saves what is whole of a damaged store. */
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = {
      "Saves what is whole of a damaged store into a new one, and lists what is not.",
      "The damaged one is only read; exits with 5 if entries are lost, or may be outdated."
    })
final class RepairCommand implements Callable<Integer> {
  private final Environment environment;

  @Parameters(
      index = "0",
      paramLabel = "<directory>",
      description = "The directory of the store, or of one of its databases.")
  private Path directory = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "<directory>",
      description = "The directory of the new store, which must not exist.")
  private Path target = Path.of("");

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  RepairCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    RepairResult result = Repair.of(directory).to(target);
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("target", result.target().toString());
      all.put("entries", result.entries());
      all.put("bytes", result.bytes());
      all.put("lostKeys", result.lostKeys());
      all.put("unsureEntries", result.unsureEntries());
      all.put("findings", AutopsyCommand.findings(result.findings()));
      environment.out().println(JsonText.of(all));
    } else {
      environment.out().print(result.report());
    }
    environment.out().flush();
    boolean all = result.lostKeys().isEmpty() && result.unsureUpTo() == 0;
    return (all ? ExitCode.DONE : ExitCode.CORRUPT).code();
  }
}
