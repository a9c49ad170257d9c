package io.nadb.spi;

import io.nadb.OptionDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One option of a URL: its name, how its text becomes a value, its default and its meaning. The one
 * definition serves parsing, {@code describe}, documentation and error texts.
 *
 * <p>Units: a size is a whole number and {@code b}, {@code kb}, {@code mb} or {@code gb}, where 1
 * kb is 1024 bytes; a duration is a whole number and {@code ms}, {@code s}, {@code m} (minutes),
 * {@code h} or {@code d} (24 hours). A unit is never left out. Digits may be grouped by
 * underscores, and case does not matter.
 *
 * <p>Immutable.
 *
 * @param <T> the value's type
 * @since 0.1.0
 */
public final class Option<T> {
  private static final String OFF = "off";
  private static final String AUTO = "auto";
  private static final String OR = " or ";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  private final String name;
  private final String type;
  private final Parser<T> parser;
  private final Function<T, String> format;
  private final @Nullable String defaultText;
  private final boolean sensitive;
  private final String description;

  private Option(
      String name,
      String type,
      Parser<T> parser,
      Function<T, String> format,
      @Nullable String defaultText,
      boolean sensitive,
      String description) {
    this.name = name;
    this.type = type;
    this.parser = parser;
    this.format = format;
    this.defaultText = defaultText;
    this.sensitive = sensitive;
    this.description = description;
  }

  /**
   * Creates an option of any type.
   *
   * @param name lower-case words joined by hyphens
   * @param type what a value looks like, for example {@code size (1kb to 512mb)}
   * @param defaultText the text that holds when the option is not given; null if there is none
   * @param format writes a value so that equal values have equal texts, and the parser can read it
   * @param description what the option does, one sentence
   * @throws IllegalArgumentException if the name is not of that form, or the default can't be
   *     parsed
   */
  public static <T> Option<T> of(
      String name,
      String type,
      @Nullable String defaultText,
      Parser<T> parser,
      Function<T, String> format,
      String description) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "option name [" + name + "]: expected lower-case words joined by hyphens");
    }
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(description, "description");
    if (defaultText != null) {
      parser.parse(defaultText);
    }
    return new Option<>(name, type, parser, format, defaultText, false, description);
  }

  /** Creates an option whose value is a number of bytes between two sizes, both included. */
  public static Option<Long> size(
      String name, String defaultSize, String min, String max, String description) {
    Quantity.Range range = Quantity.SIZE.range(min, max);
    return of(
        name,
        type(Quantity.SIZE, range),
        defaultSize,
        text -> Quantity.SIZE.parse(required(text), range),
        Quantity.SIZE::format,
        description);
  }

  /** Creates an option as {@link #size} does, but {@code off}, an empty value, is allowed too. */
  public static Option<Optional<Long>> sizeOrOff(
      String name, String defaultSize, String min, String max, String description) {
    Quantity.Range range = Quantity.SIZE.range(min, max);
    return of(
        name,
        type(Quantity.SIZE, range) + OR + OFF,
        defaultSize,
        text -> parseOr(OFF, required(text), Quantity.SIZE, range),
        value -> value.map(Quantity.SIZE::format).orElse(OFF),
        description);
  }

  /** Creates an option as {@link #size} does, but {@code auto}, an empty value, is allowed too. */
  public static Option<Optional<Long>> sizeOrAuto(
      String name, String defaultSize, String min, String max, String description) {
    Quantity.Range range = Quantity.SIZE.range(min, max);
    return of(
        name,
        type(Quantity.SIZE, range) + OR + AUTO,
        defaultSize,
        text -> parseOr(AUTO, required(text), Quantity.SIZE, range),
        value -> value.map(Quantity.SIZE::format).orElse(AUTO),
        description);
  }

  /** Creates an option whose value is a whole number between two, both included. */
  public static Option<Integer> number(
      String name, int defaultNumber, int min, int max, String description) {
    return of(
        name,
        "number (%d to %d)".formatted(min, max),
        Integer.toString(defaultNumber),
        text -> parseNumber(required(text), min, max),
        String::valueOf,
        description);
  }

  /** Creates an option whose value lies between two durations, both included. */
  public static Option<Duration> duration(
      String name, String defaultDuration, String min, String max, String description) {
    Quantity.Range range = Quantity.DURATION.range(min, max);
    return of(
        name,
        type(Quantity.DURATION, range),
        defaultDuration,
        text -> Duration.ofMillis(Quantity.DURATION.parse(required(text), range)),
        value -> Quantity.DURATION.format(value.toMillis()),
        description);
  }

  /**
   * Creates an option as {@link #duration} does, but {@code off}, an empty value, is allowed too.
   */
  public static Option<Optional<Duration>> durationOrOff(
      String name, String defaultDuration, String min, String max, String description) {
    Quantity.Range range = Quantity.DURATION.range(min, max);
    return of(
        name,
        type(Quantity.DURATION, range) + OR + OFF,
        defaultDuration,
        text -> parseOr(OFF, required(text), Quantity.DURATION, range).map(Duration::ofMillis),
        value -> value.map(d -> Quantity.DURATION.format(d.toMillis())).orElse(OFF),
        description);
  }

  /**
   * Creates an option whose value is one of the default's enum; a constant is written in lower
   * case, with hyphens.
   */
  public static <E extends Enum<E>> Option<E> choice(
      String name, E defaultChoice, String description) {
    Map<String, E> choices = new LinkedHashMap<>();
    for (E constant : defaultChoice.getDeclaringClass().getEnumConstants()) {
      choices.put(choiceName(constant), constant);
    }
    return choice(name, choiceName(defaultChoice), choices, description);
  }

  /** Creates an option that takes one of some words; descriptions list them in the map's order. */
  public static <T> Option<T> choice(
      String name, String defaultChoice, Map<String, T> choices, String description) {
    Map<String, T> copy = new LinkedHashMap<>(choices);
    String expected = "expected " + alternatives(new ArrayList<>(copy.keySet()));
    return of(
        name,
        String.join(" | ", copy.keySet()),
        defaultChoice,
        text ->
            copy.entrySet().stream()
                .filter(choice -> choice.getKey().equalsIgnoreCase(text))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(expected)),
        value -> wordFor(value, copy),
        description);
  }

  /** Creates an option that takes any text, the empty one included. */
  public static Option<String> text(String name, String defaultText, String description) {
    return of(name, "text", defaultText, Option::required, Function.identity(), description);
  }

  /** Creates an option that takes any text, the empty one included, or is absent. */
  public static Option<Optional<String>> optionalText(String name, String description) {
    return of(name, "text", null, Optional::ofNullable, Optional::orElseThrow, description);
  }

  /** Creates an option that is absent or a text that matches the pattern as a whole. */
  public static Option<Optional<String>> optionalText(
      String name, Pattern pattern, String description) {
    return of(
        name,
        "text (" + pattern + ")",
        null,
        text -> {
          if (text != null && !pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("expected " + pattern);
          }
          return Optional.ofNullable(text);
        },
        Optional::orElseThrow,
        description);
  }

  /** Returns the same option for a credential: no message, description or log shows its value. */
  public Option<T> masked() {
    return new Option<>(name, type, parser, format, defaultText, true, description);
  }

  /** The name, in lower case with hyphens. */
  public String name() {
    return name;
  }

  /** What a value looks like. */
  public String type() {
    return type;
  }

  /** Whether the value is a credential. */
  public boolean sensitive() {
    return sensitive;
  }

  /**
   * Returns the value of a text, or of the default if {@code given} is null.
   *
   * @throws IllegalArgumentException if the text is not allowed; the message says what is expected
   */
  public T parse(@Nullable String given) {
    return parser.parse(given == null ? defaultText : given);
  }

  /**
   * Returns the one text that stands for all texts of the same value: {@code 1mb} for {@code
   * 1024kb}. Empty if the option is neither given nor has a default.
   *
   * @throws IllegalArgumentException as {@link #parse} does
   */
  public Optional<String> canonical(@Nullable String given) {
    return given == null && defaultText == null
        ? Optional.empty()
        : Optional.of(format.apply(parse(given)));
  }

  /** Describes the option, with the text given for it, or null if none was. */
  public OptionDescription describe(@Nullable String given) {
    Optional<String> value = Optional.ofNullable(given == null ? defaultText : given);
    return OptionDescription.builder()
        .name(name)
        .type(type)
        .defaultValue(Optional.ofNullable(defaultText))
        .value(sensitive ? value.map(text -> "****") : value)
        .description(description)
        .build();
  }

  @Override
  public String toString() {
    return name;
  }

  /** Joins words as a sentence does: {@code a, b or c}. */
  static String alternatives(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  private static Optional<Long> parseOr(
      String word, String text, Quantity quantity, Quantity.Range range) {
    if (text.equalsIgnoreCase(word)) {
      return Optional.empty();
    }
    try {
      return Optional.of(quantity.parse(text, range));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + "," + OR + word, e);
    }
  }

  /** The number seen is quoted by the caller. */
  private static int parseNumber(String text, int min, int max) {
    int number = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : min - 1;
    if (number < min || number > max) {
      throw new IllegalArgumentException("expected a whole number from " + min + " to " + max);
    }
    return number;
  }

  private static String type(Quantity quantity, Quantity.Range range) {
    return quantity.kind() + " (" + quantity.describe(range) + ")";
  }

  private static String choiceName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <T> String wordFor(T value, Map<String, T> choices) {
    return choices.entrySet().stream()
        .filter(choice -> choice.getValue().equals(value))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static String required(@Nullable String text) {
    return Objects.requireNonNull(text, "an option with a default is always given a text");
  }

  /** Turns an option's text into its value. */
  @FunctionalInterface
  public interface Parser<T> {

    /**
     * Parses; {@code text} is null if the option is neither given nor has a default.
     *
     * @throws IllegalArgumentException whose message says what is expected; the caller adds the
     *     option and the text seen
     */
    T parse(@Nullable String text);
  }
}
