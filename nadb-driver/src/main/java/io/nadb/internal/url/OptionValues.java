package io.nadb.internal.url;

import io.nadb.NadbUrlException;
import io.nadb.OptionDescription;
import io.nadb.spi.Option;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What each option of a driver is for one URL: given in it, given beside it, or the default.
 * Immutable, and checked as a whole: every value can be parsed.
 */
public final class OptionValues {
  private final ParsedUrl url;
  private final List<Option<?>> accepted;
  private final Map<String, Given> given;

  OptionValues(ParsedUrl url, List<Option<?>> accepted, Map<String, Given> given) {
    this.url = url;
    this.accepted = accepted;
    this.given = given;
  }

  /**
   * Checks the options against those that a driver accepts, with the process's environment
   * variables.
   *
   * @param url the URL
   * @param given the options given beside it
   * @param accepted what the driver accepts
   * @throws NadbUrlException if an option is unknown, given twice or not allowed
   */
  public static OptionValues resolve(
      ParsedUrl url, Map<String, String> given, List<Option<?>> accepted) {
    return resolve(url, given, accepted, System::getenv);
  }

  /**
   * Checks the options as {@link #resolve(ParsedUrl, Map, List)} does, with the given environment
   * variables.
   */
  public static OptionValues resolve(
      ParsedUrl url,
      Map<String, String> given,
      List<Option<?>> accepted,
      Function<String, @Nullable String> environment) {
    return new OptionResolver(url, accepted, environment).resolve(given);
  }

  /**
   * The URL, shown with the values of all options that the driver accepts and that are no secret.
   */
  public ParsedUrl url() {
    return url;
  }

  /**
   * The option's value.
   *
   * @throws IllegalArgumentException if the driver does not accept the option
   */
  public <T> T get(Option<T> option) {
    return option.parse(textOf(option));
  }

  /** Whether this very option is among those that the driver accepts. */
  public boolean accepts(Option<?> option) {
    return accepted.contains(option);
  }

  /** Whether the option was given, in the URL or beside it. */
  public boolean isGiven(Option<?> option) {
    return given.containsKey(option.name());
  }

  /** Every option that the driver accepts, in its order, with the value that holds. */
  public List<OptionDescription> describe() {
    return accepted.stream().<OptionDescription>map(this::describe).toList();
  }

  /**
   * Where an option's value comes from: {@code url}, {@code map}, {@code environment}, {@code
   * default}.
   */
  public String source(String option) {
    Given value = given.get(option);
    if (value == null) {
      return "default";
    }
    if (value.fromEnvironment()) {
      return "environment";
    }
    return value.place() instanceof ShownUrl ? "url" : "map";
  }

  /**
   * The options as they hold, by name, in a form in which equal values have equal texts; an option
   * without value is left out, and a credential reads {@code ****}.
   */
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    for (Option<?> option : accepted) {
      option
          .canonical(textOf(option))
          .ifPresent(text -> settings.put(option.name(), option.sensitive() ? "****" : text));
    }
    return settings;
  }

  /** The credentials among the options that were given, each after its name; never to be shown. */
  public List<String> secrets() {
    return accepted.stream()
        .filter(option -> option.sensitive() && isGiven(option))
        .flatMap(option -> Stream.of(option.name(), option.canonical(textOf(option)).orElse("")))
        .toList();
  }

  /**
   * Describes two options that contradict each other, for a driver to throw.
   *
   * @param option the one to point at
   * @param other the one it does not go with
   * @param reason why, as a sentence continues after a colon
   */
  public NadbUrlException contradiction(Option<?> option, Option<?> other, String reason) {
    String what = "Option '" + option.name() + "' contradicts '" + other.name() + "'";
    Given value = given.get(option.name());
    return value == null
        ? new NadbUrlException(what + " (by its default): " + reason + "\n  " + url)
        : value.place().fault(value.from(), value.to(), what, ": " + reason);
  }

  private OptionDescription describe(Option<?> option) {
    Given value = given.get(option.name());
    if (value == null) {
      return option.describe(null);
    }
    // A variable's content is not written anywhere, so a description does not spread it.
    return option.describe(
        value.fromEnvironment()
            ? value.written()
            : option.canonical(value.text()).orElse(value.text()));
  }

  private @Nullable String textOf(Option<?> option) {
    if (accepted.stream().noneMatch(known -> known.name().equals(option.name()))) {
      throw new IllegalArgumentException(
          "option [" + option + "] is not among those of " + url.scheme() + ": " + accepted);
    }
    Given value = given.get(option.name());
    return value == null ? null : value.text();
  }

  /**
   * An option that was given.
   *
   * @param text its text, decoded and with environment variables replaced
   * @param written its text as it was written
   * @param place where it was given
   * @param from where the option starts in its place
   * @param to where it ends
   */
  record Given(String text, String written, Place place, int from, int to) {

    boolean fromEnvironment() {
      return written.contains(TextDecoder.VARIABLE_START);
    }

    /** Shows no credential, as a record otherwise would. */
    @Override
    public String toString() {
      return "****";
    }
  }
}
