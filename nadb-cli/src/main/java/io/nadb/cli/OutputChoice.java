package io.nadb.cli;

import io.nadb.cli.text.TextTable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How a command writes its outcome. */
final class OutputChoice {
  @ArgGroup(exclusive = true)
  private final Form form = new Form();

  /** One of two, or neither. */
  private static final class Form {
    @Option(
        names = "--json",
        description = "As JSON; of several things, one to a line, as jq takes them.")
    private boolean json;

    @Option(
        names = "--raw",
        description = "As it is, for other programs: the bytes of a value, one key to a line.")
    private boolean raw;
  }

  boolean json() {
    return form.json;
  }

  boolean raw() {
    return form.raw;
  }

  /** Begins a table that fits the terminal, if there is one. */
  static TextTable table(Environment environment) {
    boolean terminal = environment.screen().isOutput();
    return new TextTable(
        environment.out(), terminal ? environment.screen().columns() : Integer.MAX_VALUE, terminal);
  }
}
