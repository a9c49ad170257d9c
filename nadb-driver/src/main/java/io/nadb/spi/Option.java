package io.nadb.spi;

import io.nadb.OptionDescription;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One option of a URL: its name, how its text becomes a value, its default and its meaning. The one
 * definition serves parsing, {@code describe}, documentation and error texts.
 *
 * @param <T> the value's type
 */
public final class Option<T> {
  private final String name;
  private final String type;
  private final Parser<T> parser;
  private final @Nullable String defaultText;
  private final boolean sensitive;
  private final String description;

  private Option(
      String name,
      String type,
      Parser<T> parser,
      @Nullable String defaultText,
      boolean sensitive,
      String description) {
    this.name = name;
    this.type = type;
    this.parser = parser;
    this.defaultText = defaultText;
    this.sensitive = sensitive;
    this.description = description;
  }

  /** The name, in lower case with hyphens. */
  public String name() {
    return name;
  }

  /** Describes the option, with the text given for it, or null if none was. */
  public OptionDescription describe(@Nullable String given) {
    Optional<String> value = Optional.ofNullable(given == null ? defaultText : given);
    return new OptionDescription(
        name,
        type,
        Optional.ofNullable(defaultText),
        sensitive ? value.map(text -> "****") : value,
        description);
  }

  /** Turns an option's text into its value. */
  @FunctionalInterface
  public interface Parser<T> {

    /**
     * Parses; {@code text} is null if the option is neither given nor has a default.
     *
     * @throws IllegalArgumentException whose message says what is expected
     */
    T parse(@Nullable String text);
  }
}
