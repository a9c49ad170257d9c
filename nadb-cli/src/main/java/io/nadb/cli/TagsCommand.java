package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.JsonText;
import io.nadb.cli.text.TextTable;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code nadb tags}: the tags in use. */
@Command(name = "tags", description = "Lists the tags in use, with how many entries have each.")
final class TagsCommand extends StoreCommand {

  TagsCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    Map<String, Long> tags = opened.tags();
    if (output().json()) {
      environment().out().println(JsonText.of(tags));
    } else if (output().raw()) {
      tags.keySet().forEach(environment().out()::println);
    } else {
      TextTable table = OutputChoice.table(environment()).left("TAG").right("ENTRIES");
      tags.forEach((tag, count) -> table.row(tag, Amounts.count(count)));
      table.end();
    }
    environment().out().flush();
    return ExitCode.DONE;
  }
}
