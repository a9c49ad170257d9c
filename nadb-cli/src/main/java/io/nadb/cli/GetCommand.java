package io.nadb.cli;

import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.cli.text.JsonText;
import io.nadb.cli.text.Printable;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nadb get}: the value of a key. */
@Command(
    name = "get",
    description = {
      "Prints the value of a key.",
      "On a terminal as text, or in hexadecimal if it is none; into a pipe or a file, and with"
          + " --raw, exactly its bytes; with --json, tags and times too."
    })
final class GetCommand extends StoreCommand {
  @Parameters(index = "1", paramLabel = "<key>", description = "The key.")
  private String key = "";

  GetCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    Optional<Entry> found = opened.entry(key);
    if (found.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND, "there is no key " + Printable.of(key) + " in " + opened.url());
    }
    byte[] value = found.get().value();
    if (output().json()) {
      environment().out().println(JsonText.of(EntryForm.json(found.get())));
    } else if (output().raw() || isPiped()) {
      environment().out().write(value, 0, value.length);
    } else {
      String text = Printable.value(value);
      environment().out().print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
    }
    environment().out().flush();
    return ExitCode.DONE;
  }

  /** Whether the value is all that goes out: in the shell, more follows. */
  private boolean isPiped() {
    return !environment().screen().isOutput() && environment().open().isEmpty();
  }
}
