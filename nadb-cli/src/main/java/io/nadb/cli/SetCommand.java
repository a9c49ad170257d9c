package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nadb set}: an entry with its tags and TTL. */
@Command(
    name = "set",
    description = {
      "Sets a key: its value, tags and TTL, all of them anew unless it says otherwise.",
      "The value is the argument, the content of a file, or what is piped in. On the disk, or with"
          + " the server, when the command has ended."
    })
final class SetCommand extends StoreCommand {
  @Parameters(index = "1", paramLabel = "<key>", description = "The key.")
  private String key = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "<value>",
      description = "The value, as text in UTF-8; without it, what is piped in.")
  private @Nullable String value;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "<file>",
      description = "The value is what this file has.")
  private @Nullable Path file;

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "<tag>",
      description = "A tag; may be given again.")
  private final List<String> tags = new ArrayList<>();

  @Option(
      names = "--ttl",
      paramLabel = "<duration>",
      description = "How long it lives: 30s, 5m, 2h, 7d.")
  private @Nullable String ttl;

  @Option(names = "--keep-tags", description = "Keeps the tags that it has.")
  private boolean keepTags;

  @Option(names = "--keep-ttl", description = "Keeps the expiry that it has.")
  private boolean keepTtl;

  @ArgGroup(exclusive = true)
  private final Condition condition = new Condition();

  /** What must be so, or nothing is written. */
  private static final class Condition {
    @Option(names = "--if-absent", description = "Only if there is no such key yet.")
    private boolean absent;

    @Option(names = "--if-present", description = "Only if there is such a key.")
    private boolean present;
  }

  SetCommand(Environment environment) {
    super(environment);
  }

  @Override
  boolean isWriting() {
    return true;
  }

  @Override
  public Integer call() {
    if ((keepTags && !tags.isEmpty()) || (keepTtl && ttl != null)) {
      throw new CommandException(
          ExitCode.USAGE,
          "either new ones or those that are kept: --tag or --keep-tags, --ttl or --keep-ttl");
    }
    return super.call();
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    byte[] bytes = bytes();
    SetOptions options = options();
    boolean done = true;
    if (condition.absent) {
      done = opened.setIfAbsent(key, bytes, options);
    } else if (condition.present) {
      done = opened.setIfPresent(key, bytes, options);
    } else {
      opened.set(key, bytes, options);
    }
    if (!done) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          Printable.of(key)
              + (condition.absent ? " is there already" : " is not there")
              + "; nothing was written");
    }
    opened.flush();
    return ExitCode.DONE;
  }

  private SetOptions options() {
    SetOptions options = SetOptions.tags(tags.toArray(new String[0]));
    if (keepTags) {
      options = options.keepingTags();
    }
    if (ttl != null) {
      options = options.withTtl(Amounts.parseDuration(ttl));
    }
    return keepTtl ? options.keepingTtl() : options;
  }

  private byte[] bytes() {
    if (value != null && file != null) {
      throw new CommandException(ExitCode.USAGE, "a value and --file: only one of them");
    }
    if (value != null) {
      return value.getBytes(StandardCharsets.UTF_8);
    }
    try {
      if (file != null) {
        return Files.readAllBytes(file);
      }
      if (environment().screen().isInput()) {
        throw new CommandException(
            ExitCode.USAGE, "no value: give it after the key, by --file, or pipe it in");
      }
      return environment().in().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
