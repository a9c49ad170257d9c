package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.OptionDescription;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which store a command is about: a URL or a directory, and what is added to the URL. */
final class StoreChoice {
  private static final String SCHEME = "nadb:";
  private static final String FILES = "nadb:fs:";
  private static final String MEMORY = "nadb:mem:";
  private static final String ACCESS = "access";

  /** What begins a URL that lacks the first word. */
  private static final Pattern SHORT =
      Pattern.compile("(?:fs|mem|rediss?(?:-cluster|-sentinel)?):");

  @Parameters(
      index = "0",
      paramLabel = "<store>",
      description = {
        "The store: a directory, or a URL (nadb:fs:./data?db=app, nadb:redis://host:6379).",
        "A password is better not typed: '$${env:NAME}' in a URL takes it from the environment."
      })
  private String store = "";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "<name>",
      description = "The namespace, as the URL's option.")
  private @Nullable String namespace;

  @Option(
      names = {"-o", "--option"},
      paramLabel = "<name>=<value>",
      description = "An option of the URL.")
  private final Map<String, String> options = new LinkedHashMap<>();

  /** That which somebody has typed elsewhere. */
  static StoreChoice of(String store) {
    StoreChoice choice = new StoreChoice();
    choice.store = store;
    return choice;
  }

  /** The URL, as it was typed: with its password, if it has one. */
  String url() {
    return urlOf(store);
  }

  /** A directory as a URL; a URL as it is, with or without {@code nadb:}. */
  static String urlOf(String store) {
    if (store.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, "the store is an empty text");
    }
    if (store.startsWith(SCHEME)) {
      return store;
    }
    return SHORT.matcher(store).lookingAt() ? SCHEME + store : FILES + store.replace("%", "%25");
  }

  /** The directory of a store in files; empty if it is another kind. */
  Optional<Path> directory() {
    String url = url();
    if (!url.startsWith(FILES)) {
      return Optional.empty();
    }
    String path = url.substring(FILES.length()).split("\\?", 2)[0];
    return Optional.of(Path.of(path.replace("%3F", "?").replace("%25", "%")));
  }

  /** The directory of a store's database in files: where the log and {@code metadata.db} are. */
  Optional<Path> databaseDirectory(Environment environment) {
    return directory().map(directory -> directory.resolve(value(environment, "db").orElse("main")));
  }

  /** The value that an option has for this store. */
  Optional<String> value(Environment environment, String name) {
    String given = given().get(name);
    return given != null
        ? Optional.of(given)
        : option(environment, name).flatMap(OptionDescription::value);
  }

  private Optional<OptionDescription> option(Environment environment, String name) {
    return environment.registry().describe(url()).stream()
        .filter(option -> option.name().equals(name))
        .findFirst();
  }

  /**
   * Opens it to read: whoever has it open, and whatever is in it, nothing is changed where that can
   * be had.
   */
  KeyValueStore openToRead(Environment environment) {
    if (environment.open().isPresent()) {
      return opened(environment);
    }
    Map<String, String> given = given();
    Optional<OptionDescription> access = option(environment, ACCESS);
    if (access.isPresent() && !given.containsKey(ACCESS) && !url().contains(ACCESS + "=")) {
      given.put(ACCESS, "read");
    }
    return environment.registry().open(url(), given);
  }

  /** Opens it to write, and makes it if it is not there. */
  KeyValueStore openToWrite(Environment environment) {
    if (environment.open().isPresent()) {
      return opened(environment);
    }
    if (url().startsWith(MEMORY)) {
      environment.note("nadb: what is in nadb:mem: is gone when this command ends");
    }
    return environment.registry().open(url(), given());
  }

  /** Another handle on what the shell has open. */
  private KeyValueStore opened(Environment environment) {
    return environment
        .open()
        .orElseThrow()
        .namespace(value(environment, "namespace").orElse("default"));
  }

  private Map<String, String> given() {
    Map<String, String> given = new HashMap<>(options);
    if (namespace != null) {
      given.put("namespace", namespace);
    }
    return given;
  }
}
