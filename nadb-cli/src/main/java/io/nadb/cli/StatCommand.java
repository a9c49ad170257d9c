package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.StoreStats;
import io.nadb.agent.terminal.Nadb;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.JsonText;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nadb stat}: the figures of a store. */
@Command(
    name = "stat",
    description = {
      "Shows how many entries a store has, how large it is, and who has it open.",
      "With --live, the figures that the process which has it open knows: flushes, reads, what is"
          + " buffered."
    })
final class StatCommand extends StoreCommand {

  @Option(
      names = "--live",
      description = "Asks the JVM that has the store open, by JMX; as JSON, all its stores.")
  private boolean live;

  StatCommand(Environment environment) {
    super(environment);
  }

  @Override
  public Integer call() {
    if (live) {
      OwnerProcess owner =
          owner()
              .orElseThrow(
                  () ->
                      new CommandException(
                          ExitCode.NOT_FOUND,
                          "no process of this machine has this store open; without --live, what is"
                              + " in its files is shown"));
      return Nadb.run(
          writer(environment().out()),
          writer(environment().err()),
          "export",
          Long.toString(owner.pid()),
          "--json");
    }
    return super.call();
  }

  private Optional<OwnerProcess> owner() {
    return store().databaseDirectory(environment()).flatMap(OwnerProcess::of);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    long entries = opened.size();
    StoreStats stats = opened.stats();
    Optional<OwnerProcess> owner = environment().open().isPresent() ? Optional.empty() : owner();
    if (output().json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("url", opened.url());
      json.put("namespace", store().value(environment(), "namespace"));
      json.put("entries", entries);
      owner.ifPresent(process -> json.put("ownerPid", process.pid()));
      json.putAll(stats.asMap());
      environment().out().println(JsonText.of(json));
    } else {
      figures(opened, entries, stats, owner)
          .forEach(
              (name, value) ->
                  environment().out().println(String.format(Locale.ROOT, "%-22s %s", name, value)));
    }
    environment().out().flush();
    return ExitCode.DONE;
  }

  private Map<String, String> figures(
      KeyValueStore opened, long entries, StoreStats stats, Optional<OwnerProcess> owner) {
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("url", opened.url());
    figures.put("state", stats.state().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    figures.put("open in", owner.map(OwnerProcess::toString).orElse("no other process"));
    figures.put(
        "entries in " + store().value(environment(), "namespace").orElse("default"),
        Amounts.count(entries));
    figures.put("keys in all", Amounts.count(stats.keys()));
    figures.put("bytes in all", Amounts.size(stats.totalBytes()));
    figures.put("of current entries", Amounts.size(stats.liveBytes()));
    figures.put("to be given back", Amounts.size(stats.garbageBytes()));
    figures.put("durable up to", "sequence number " + stats.durableSequence());
    if (stats.bufferedBytes() > 0) {
      figures.put(
          "buffered",
          Amounts.size(stats.bufferedBytes())
              + ", the oldest for "
              + Amounts.duration(stats.bufferedAge()));
    }
    stats.lastFlushTime().ifPresent(time -> figures.put("last flush", ago(time)));
    stats.lastFailure().ifPresent(failure -> figures.put("last failure", failure));
    return figures;
  }

  private String ago(Instant time) {
    return Amounts.duration(Duration.between(time, environment().time().now())) + " ago";
  }
}
