package io.nadb.cli;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.Query;
import io.nadb.QueryPage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nadb query}: entries by tags, keys, sizes and times. */
@Command(
    name = "query",
    description = "Finds entries by tags, keys, sizes and times; without any of these, all.")
final class QueryCommand extends StoreCommand {
  @Mixin private final Filter filter = new Filter();

  @Option(
      names = {"-v", "--values"},
      description = "Shows the values, too.")
  private boolean values;

  @Option(
      names = {"-c", "--count"},
      description = "Prints only how many there are.")
  private boolean count;

  @Option(
      names = "--after",
      paramLabel = "<cursor>",
      description = "Goes on after a page: with what that has printed to the standard error.")
  private @Nullable String cursor;

  QueryCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    Query query = filter.of(opened, environment());
    if (count) {
      environment().out().println(query.count());
      environment().out().flush();
      return ExitCode.DONE;
    }
    EntryForm form = new EntryForm(environment(), output(), values);
    if (filter.isLimited() || cursor != null) {
      page(filter.limited(query).after(cursor), form);
    } else if (values) {
      form.writeAllWithValues(query.streamWithValues());
    } else {
      form.writeAll(query.stream());
    }
    return ExitCode.DONE;
  }

  private void page(Query query, EntryForm form) {
    String next;
    if (values) {
      QueryPage<Entry> page = query.pageWithValues();
      page.entries().forEach(form::write);
      next = page.cursor();
    } else {
      QueryPage<EntryMetadata> page = query.page();
      page.entries().forEach(form::write);
      next = page.cursor();
    }
    form.end();
    if (next != null) {
      environment().note("there are more: --after " + next);
    }
  }
}
