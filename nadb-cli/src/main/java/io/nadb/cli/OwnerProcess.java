package io.nadb.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The process that has a store in files open, as that has noted it beside the log.
 *
 * @param pid its number
 * @param since since when
 */
record OwnerProcess(long pid, String since) {
  private static final String NOTE = "nadb.owner";

  /** Reads who has a database open; empty if nobody has, or its process is no more. */
  static Optional<OwnerProcess> of(Path database) {
    Map<String, String> fields;
    try {
      fields =
          Files.readString(database.resolve(NOTE))
              .lines()
              .map(line -> line.split(": ?", 2))
              .filter(parts -> parts.length == 2)
              .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (a, b) -> b));
    } catch (IOException e) {
      return Optional.empty(); // There is none, or it is damaged.
    }
    String pid = fields.getOrDefault("pid", "");
    boolean open = fields.getOrDefault("state", "").equals("open");
    if (!open || !pid.matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    long number = Long.parseLong(pid);
    return ProcessHandle.of(number).isPresent()
        ? Optional.of(new OwnerProcess(number, fields.getOrDefault("since", "")))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "pid " + pid + ", since " + since;
  }
}
