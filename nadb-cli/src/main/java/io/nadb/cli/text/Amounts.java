package io.nadb.cli.text;

import io.nadb.spi.Option;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Sizes, durations and times, as people write and read them.
 *
 * @since 0.1.0
 */
public final class Amounts {
  private static final Option<Long> SIZE = Option.size("size", "0b", "0b", "1048576gb", "A size.");
  private static final Option<Duration> DURATION =
      Option.duration("duration", "1ms", "0ms", "36500d", "A duration.");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final int KILO = 1024;

  private Amounts() {}

  /**
   * Reads a size: {@code 512}, {@code 64kb}, {@code 1mb}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static long parseSize(String text) {
    return parse(SIZE, text.matches("[0-9]+") ? text + "b" : text, text);
  }

  /**
   * Reads a duration: {@code 250ms}, {@code 5m}, {@code 30d}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Duration parseDuration(String text) {
    return parse(DURATION, text, text);
  }

  /** Its messages leave to others what was typed. */
  private static <T> T parse(Option<T> kind, String text, String typed) {
    try {
      return kind.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + typed + "': " + e.getMessage(), e);
    }
  }

  /**
   * Reads a moment: {@code 2026-11-29T12:00:00Z}, {@code 2026-11-29T12:00:00} or {@code 2026-11-29}
   * where the machine is, or a duration.
   *
   * @param now what a duration counts from
   * @param direction -1 if a duration leads into the past, 1 if into the future
   * @throws IllegalArgumentException if it is none of these
   */
  public static Instant parseTime(String text, Instant now, int direction, ZoneId zone) {
    try {
      if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
        return LocalDate.parse(text).atStartOfDay(zone).toInstant();
      }
      if (text.matches("\\d{4}-\\d\\d-\\d\\d[T ][0-9:.]+")) {
        return LocalDateTime.parse(text.replace(' ', 'T')).atZone(zone).toInstant();
      }
      if (text.matches("\\d{4}-.*")) {
        return Instant.from(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text));
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + text + "': there is no such time: " + e.getMessage(), e);
    }
    try {
      return now.plus(parseDuration(text).multipliedBy(direction));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "': expected a time such as 2026-11-29T12:00:00Z or 2026-11-29, or a duration such as 5m"
              + (direction < 0 ? " (ago)" : " (from now)"),
          e);
    }
  }

  /** Writes bytes: {@code 831 B}, {@code 1.4 kB}, {@code 12 MB}; 1 kB is 1024 bytes. */
  public static String size(long bytes) {
    if (bytes < KILO) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= KILO - 0.5 && unit < 4) {
      value /= KILO;
      unit++;
    }
    return String.format(
        Locale.ROOT, value < 9.95 ? "%.1f %cB" : "%.0f %cB", value, "kMGTP".charAt(unit));
  }

  /** Writes a duration by its two largest units: {@code 250 ms}, {@code 4 s}, {@code 2 h 5 min}. */
  public static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return two(seconds / 60, "min", seconds % 60, "s");
    }
    if (seconds < 86_400) {
      return two(seconds / 3_600, "h", seconds % 3_600 / 60, "min");
    }
    return two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h");
  }

  private static String two(long more, String unit, long less, String smaller) {
    return more + " " + unit + (less == 0 ? "" : " " + less + " " + smaller);
  }

  /** Writes a time to the second, as clocks show it there. */
  public static String time(Instant time, ZoneId zone) {
    return TIME.format(time.atZone(zone)) + (zone.normalized().equals(ZoneOffset.UTC) ? "Z" : "");
  }

  /** Writes a number with its thousands apart. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
  }
}
