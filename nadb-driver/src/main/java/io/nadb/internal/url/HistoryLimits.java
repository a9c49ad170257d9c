package io.nadb.internal.url;

import io.nadb.spi.Option;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the option {@code history} says: for how long what the store was is kept, how much of it, or
 * both.
 *
 * @param age empty: however old
 * @param bytes empty: however much
 */
public record HistoryLimits(Optional<Duration> age, Optional<Long> bytes) {
  private static final Option<Optional<Duration>> AGE =
      Option.durationOrOff("history", "off", "1s", "3650d", "For how long.");
  private static final Option<Optional<Long>> BYTES =
      Option.sizeOrOff("history", "off", "64kb", "1048576gb", "How much.");
  private static final String EXPECTED =
      "expected a duration such as 24h, a size such as 10gb, both as 24h,10gb, or off";

  /** What a value looks like. */
  static final String TYPE = "duration (1s to 3650d), size (64kb to 1048576gb), both, or off";

  /** Reads a text; empty for {@code off}. */
  static Optional<HistoryLimits> parse(@Nullable String text) {
    if (text == null || text.equalsIgnoreCase("off")) {
      return Optional.empty();
    }
    Optional<Duration> age = Optional.empty();
    Optional<Long> bytes = Optional.empty();
    for (String part : text.split(",", -1)) {
      boolean isSize = part.toLowerCase(Locale.ROOT).endsWith("b");
      if (part.equalsIgnoreCase("off") || (isSize ? bytes : age).isPresent()) {
        throw new IllegalArgumentException(EXPECTED);
      }
      if (isSize) {
        bytes = parse(BYTES, part);
      } else {
        age = parse(AGE, part);
      }
    }
    return Optional.of(new HistoryLimits(age, bytes));
  }

  private static <T> Optional<T> parse(Option<Optional<T>> option, String part) {
    try {
      return option.parse(part);
    } catch (IllegalArgumentException e) {
      boolean isOutOfRange = String.valueOf(e.getMessage()).startsWith("out of range");
      String said = isOutOfRange ? e.getMessage() : EXPECTED;
      throw new IllegalArgumentException(said, e);
    }
  }

  /** Writes limits so that equal ones have equal texts. */
  static String format(Optional<HistoryLimits> limits) {
    if (limits.isEmpty()) {
      return "off";
    }
    String age = limits.get().age.map(value -> canonical(AGE, value.toMillis() + "ms")).orElse("");
    String bytes = limits.get().bytes.map(value -> canonical(BYTES, value + "b")).orElse("");
    return age + (age.isEmpty() || bytes.isEmpty() ? "" : ",") + bytes;
  }

  private static String canonical(Option<?> option, String text) {
    return option.canonical(text).orElseThrow();
  }
}
