package io.nadb.cli;

import io.nadb.cli.text.JsonText;
import io.nadb.repair.Autopsy;
import io.nadb.repair.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nadb autopsy}: what a crash or damage has left of a store. */
@Command(
    name = "autopsy",
    mixinStandardHelpOptions = true,
    description = {
      "Tells what is durable in a store's files, of when it is, and what is cut off or damaged.",
      "Reads every byte and writes none; exits with 5 if something is lost."
    })
final class AutopsyCommand implements Callable<Integer> {
  private final Environment environment;

  @Parameters(
      index = "0",
      paramLabel = "<directory>",
      description = "The directory of the store, or of one of its databases.")
  private Path directory = Path.of("");

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  AutopsyCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Autopsy autopsy = Autopsy.of(directory);
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("directory", autopsy.directory().toString());
      all.put("owner", autopsy.owner());
      all.put("opens", autopsy.opens());
      all.put("refusal", autopsy.refusal());
      all.put("sequence", autopsy.sequence());
      all.put("time", autopsy.time());
      all.put("entries", autopsy.entries());
      all.put("lostKeys", autopsy.lostKeys());
      all.put("findings", findings(autopsy.findings()));
      environment.out().println(JsonText.of(all));
    } else {
      environment.out().print(autopsy.report(environment.time().now()));
    }
    environment.out().flush();
    return (autopsy.isSound() ? ExitCode.DONE : ExitCode.CORRUPT).code();
  }

  /** Findings, as JSON has them. */
  static List<Map<String, Object>> findings(List<Finding> findings) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Finding each : findings) {
      Map<String, Object> finding = new LinkedHashMap<>();
      finding.put("kind", each.kind());
      finding.put("file", each.file().toString());
      finding.put("offset", each.offset());
      finding.put("bytes", each.bytes());
      finding.put("what", each.what());
      all.add(finding);
    }
    return all;
  }
}
