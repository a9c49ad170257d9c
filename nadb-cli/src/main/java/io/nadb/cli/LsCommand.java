package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.Query;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nadb ls}: the keys, in their order. */
@Command(
    name = "ls",
    description = "Lists keys in their order, with sizes, times and tags; --raw the keys alone.")
final class LsCommand extends StoreCommand {
  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "<prefix>",
      description = "Only keys that begin with this.")
  private String prefix = "";

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "<n>",
      description = "So many at most.")
  private int limit;

  LsCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    Query query = opened.query();
    query = prefix.isEmpty() ? query : query.prefix(prefix);
    query = Filter.limit(query, limit);
    new EntryForm(environment(), output(), false).writeAll(query.stream());
    return ExitCode.DONE;
  }
}
