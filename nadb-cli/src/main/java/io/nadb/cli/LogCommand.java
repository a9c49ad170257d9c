package io.nadb.cli;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.KeyVersion;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.JsonText;
import io.nadb.cli.text.Printable;
import io.nadb.cli.text.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nadb log}: the versions of a key. */
@Command(
    name = "log",
    description = {
      "Shows the versions of a key that are kept, the newest first: set, touched, deleted, expired.",
      "How far back they go is up to the URL option history."
    })
final class LogCommand extends StoreCommand {
  private static final int VALUE_COLUMNS = 60;

  @Parameters(index = "1", paramLabel = "<key>", description = "The key.")
  private String key = "";

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "<n>",
      description = "So many at most.")
  private int limit = Integer.MAX_VALUE;

  LogCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    List<KeyVersion> versions = opened.log(key, limit);
    if (versions.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND, "no version of " + Printable.of(key) + " is kept in " + opened.url());
    }
    TextTable table =
        OutputChoice.table(environment())
            .left("TIME")
            .right("SEQUENCE")
            .left("WHAT")
            .right("SIZE")
            .left("TAGS")
            .left("VALUE");
    for (KeyVersion version : versions) {
      if (output().json()) {
        environment().out().println(JsonText.of(json(version)));
      } else {
        table.row(
            Amounts.time(version.time(), environment().zone()),
            Long.toString(version.sequence()),
            version.kind().name().toLowerCase(Locale.ROOT),
            version.entry().map(entry -> Amounts.size(entry.metadata().size())).orElse(""),
            version.entry().map(entry -> tags(entry.metadata())).orElse(""),
            version.entry().map(e -> Printable.line(e.value(), VALUE_COLUMNS)).orElse(""));
      }
    }
    table.end();
    return ExitCode.DONE;
  }

  private static String tags(EntryMetadata entry) {
    return String.join(", ", entry.tags());
  }

  private static Map<String, Object> json(KeyVersion version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("time", version.time());
    json.put("sequence", version.sequence());
    json.put("kind", version.kind());
    json.put("entry", version.entry().map(EntryForm::json));
    return json;
  }
}
