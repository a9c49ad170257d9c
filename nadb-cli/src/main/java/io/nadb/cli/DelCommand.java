package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.cli.text.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nadb del}: removes entries. */
@Command(name = "del", description = "Removes keys; exits with 1 if one of them was not there.")
final class DelCommand extends StoreCommand {
  @Parameters(index = "1..*", arity = "1..*", paramLabel = "<key>", description = "The keys.")
  private final List<String> keys = new ArrayList<>();

  DelCommand(Environment environment) {
    super(environment);
  }

  @Override
  boolean isWriting() {
    return true;
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    int deleted = 0;
    for (String key : keys) {
      deleted += opened.delete(key) ? 1 : 0;
    }
    opened.flush();
    if (output().json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("deleted", deleted);
      json.put("missing", keys.size() - deleted);
      environment().out().println(JsonText.of(json));
    } else if (output().raw()) {
      environment().out().println(deleted);
    } else {
      environment()
          .out()
          .println(
              deleted
                  + " deleted"
                  + (deleted < keys.size() ? ", " + (keys.size() - deleted) + " not there" : ""));
    }
    environment().out().flush();
    return deleted == keys.size() ? ExitCode.DONE : ExitCode.NOT_FOUND;
  }
}
