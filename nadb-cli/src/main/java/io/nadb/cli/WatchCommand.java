package io.nadb.cli;

import io.nadb.ChangeKind;
import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.JsonText;
import io.nadb.cli.text.Printable;
import io.nadb.feed.ChangeFeed;
import io.nadb.feed.FeedCut;
import io.nadb.feed.KeyChange;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nadb watch}: changes as they become durable. */
@Command(
    name = "watch",
    description = {
      "Shows what becomes durable, flush by flush: keys that are set, touched, deleted, expired.",
      "Goes on until it is stopped by Ctrl-C, or has shown the changes that --limit says,",
      "and the rest of their flush."
    })
final class WatchCommand extends StoreCommand {
  private static final int VALUE_COLUMNS = 60;

  @Option(
      names = "--since",
      paramLabel = "<bookmark>",
      description = {
        "What has changed since this place, which --json tells with each change;",
        "without it, what comes next."
      })
  private @Nullable String since;

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "<n>",
      description = "Ends with the flush that completes so many changes.")
  private int limit = Integer.MAX_VALUE;

  @Option(
      names = "--every",
      paramLabel = "<duration>",
      description = "How often it looks whether there is more; 1s without it.")
  private String every = "1s";

  @Option(names = "--all-namespaces", description = "Of all namespaces.")
  private boolean everywhere;

  WatchCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    if (limit < 1) {
      throw new CommandException(ExitCode.USAGE, "--limit is 1 or more, not " + limit);
    }
    Duration pause = Amounts.parseDuration(every);
    String from = since == null ? ChangeFeed.bookmark(opened) : since;
    try (ChangeFeed feed =
        everywhere ? ChangeFeed.ofAllNamespaces(opened, from) : ChangeFeed.of(opened, from)) {
      follow(opened, feed, pause);
      environment().note("To go on from here: --since " + feed.bookmark());
    }
    return ExitCode.DONE;
  }

  private void follow(KeyValueStore opened, ChangeFeed feed, Duration pause) {
    long left = limit;
    try {
      while (left > 0
          && !CtrlC.isPressed()
          && !environment().out().checkError()) { // Which also flushes.
        Optional<FeedCut> cut = feed.poll(pause);
        if (cut.isEmpty()) {
          opened.refresh(); // Another process writes.
        } else {
          left -= show(cut.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Whoever stops it has seen enough.
    }
  }

  private int show(FeedCut cut) {
    PrintStream out = environment().out();
    List<KeyChange> changes = cut.changes();
    for (KeyChange change : changes) {
      if (output().json()) {
        out.println(JsonText.of(json(cut, change)));
      } else if (output().raw()) {
        out.println(change.key());
      } else {
        out.println(line(change));
      }
    }
    return changes.size();
  }

  private String line(KeyChange change) {
    String name = everywhere ? change.namespace() + "  " + change.key() : change.key();
    String line =
        Amounts.time(change.time(), environment().zone())
            + "  "
            + String.format(Locale.ROOT, "%-7s", change.kind().name().toLowerCase(Locale.ROOT))
            + "  "
            + Printable.of(name);
    if (!change.isRemoval() && !change.metadata().tags().isEmpty()) {
      line += "  [" + Printable.of(String.join(", ", change.metadata().tags())) + "]";
    }
    return change.kind() == ChangeKind.SET
        ? line + "  " + Printable.line(change.value(), VALUE_COLUMNS)
        : line;
  }

  private static Map<String, Object> json(FeedCut cut, KeyChange change) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("time", change.time());
    json.put("sequence", change.sequence());
    json.put("kind", change.kind());
    json.put("namespace", change.namespace());
    json.put("key", change.key());
    json.put("entry", change.isRemoval() ? null : entry(change));
    json.put("bookmark", cut.bookmark());
    return json;
  }

  private static Map<String, Object> entry(KeyChange change) {
    return change.kind() == ChangeKind.SET
        ? EntryForm.json(new Entry(change.metadata(), change.value()))
        : EntryForm.json(change.metadata());
  }
}
