package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.Query;
import io.nadb.QueryPlan;
import io.nadb.cli.text.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nadb explain}: how a query is answered. */
@Command(
    name = "explain",
    description = "Answers a query, and tells which lists were used and how much was read.")
final class ExplainCommand extends StoreCommand {
  @Mixin private final Filter filter = new Filter();

  ExplainCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    Query query = filter.of(opened, environment());
    QueryPlan plan = filter.limited(query).explain();
    if (output().json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("lists", plan.lists());
      json.put("recordsRead", plan.recordsRead());
      json.put("bufferedRead", plan.bufferedRead());
      json.put("hits", plan.hits());
      environment().out().println(JsonText.of(json));
    } else {
      environment().out().println(plan);
    }
    environment().out().flush();
    return ExitCode.DONE;
  }
}
