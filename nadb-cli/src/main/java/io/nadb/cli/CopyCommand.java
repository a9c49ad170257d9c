package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.JsonText;
import io.nadb.copy.CopyDifference;
import io.nadb.copy.CopyResult;
import io.nadb.copy.StoreCopy;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nadb copy}: a store to another place, of any kind. */
@Command(
    name = "copy",
    description = {
      "Copies a store, with all of its namespaces, to another place, and compares both.",
      "Run again after a failure, it goes on."
    })
final class CopyCommand extends StoreCommand {
  @Parameters(
      index = "1",
      paramLabel = "<target>",
      description = "Where to: a directory or a URL, as the store. It must be empty.")
  private String target = "";

  @Option(
      names = "--into-existing",
      description = "Into a target that has entries: those of the same keys are replaced.")
  private boolean intoExisting;

  CopyCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    CopyProgressLine line = new CopyProgressLine(environment());
    CopyResult result;
    try (KeyValueStore to = environment().registry().open(StoreChoice.urlOf(target))) {
      StoreCopy copy = StoreCopy.from(opened).to(to).onProgress(line::show);
      result = (intoExisting ? copy.intoExisting() : copy).run();
    } catch (IllegalStateException e) { // Whose doing it is that has typed the two places.
      String message = String.valueOf(e.getMessage()).replace("intoExisting()", "--into-existing");
      throw new CommandException(ExitCode.FAILED, message, e);
    } finally {
      line.end();
    }
    for (CopyDifference each : result.differences()) {
      environment().note("nadb: " + each);
    }
    tell(result);
    return result.isVerified() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void tell(CopyResult result) {
    if (output().json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("entries", result.entries());
      json.put("bytes", result.bytes());
      json.put("namespaces", result.namespaces());
      json.put("written", result.written());
      json.put("removed", result.removed());
      json.put("resumed", result.isResumed());
      json.put("time", result.time());
      json.put("differences", result.differenceCount());
      environment().out().println(JsonText.of(json));
    } else if (output().raw()) {
      environment().out().println(result.entries());
    } else {
      environment()
          .out()
          .println(
              Amounts.count(result.entries())
                  + " entries, "
                  + Amounts.size(result.bytes())
                  + ", are there and were compared"
                  + result
                      .time()
                      .map(time -> ", as of " + Amounts.time(time, environment().zone()))
                      .orElse(""));
    }
    environment().out().flush();
  }
}
