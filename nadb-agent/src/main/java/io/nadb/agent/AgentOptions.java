package io.nadb.agent;

import io.nadb.jmx.Access;
import io.nadb.jmx.MonitorSettings;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the agent's options, {@code key=value,key=value}:
 *
 * <pre>
 *   jmx          ro (default), rw: flush and the like may be called, off: no MBeans
 *   percentiles  on (default), off: no histogram of flush times
 *   slow         from how long on a flush is reported as slow: 200ms (default), 5s, 1m
 * </pre>
 *
 * <p>A mistake is a warning, and the option's default holds.
 */
final class AgentOptions {
  private static final String JMX = "jmx";
  private static final String PERCENTILES = "percentiles";
  private static final String SLOW = "slow";

  private static final Map<String, String> CHOICES =
      new TreeMap<>(
          Map.of(
              JMX, "ro, rw or off",
              PERCENTILES, "on or off",
              SLOW, "a duration such as 200ms, 5s or 1m"));

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");

  private AgentOptions() {}

  static MonitorSettings parse(@Nullable String text, Consumer<String> warn) {
    Access access = Access.READ;
    boolean percentiles = true;
    Duration slow = Duration.ofMillis(200);
    for (String option : text == null || text.isBlank() ? new String[0] : text.split(",")) {
      int equals = option.indexOf('=');
      String key = (equals < 0 ? option : option.substring(0, equals)).strip();
      String value =
          equals < 0 ? "" : option.substring(equals + 1).strip().toLowerCase(Locale.ROOT);
      switch (key.toLowerCase(Locale.ROOT)) {
        case JMX -> {
          switch (value) {
            case "ro" -> access = Access.READ;
            case "rw" -> access = Access.WRITE;
            case "off" -> access = Access.NONE;
            default -> warn.accept(badValue(JMX, value));
          }
        }
        case PERCENTILES -> {
          switch (value) {
            case "on" -> percentiles = true;
            case "off" -> percentiles = false;
            default -> warn.accept(badValue(PERCENTILES, value));
          }
        }
        case SLOW -> {
          Duration given = duration(value);
          if (given == null) {
            warn.accept(badValue(SLOW, value));
          } else {
            slow = given;
          }
        }
        default -> warn.accept(unknown(key));
      }
    }
    return new MonitorSettings(access, percentiles, slow);
  }

  private static String badValue(String key, String value) {
    return "option "
        + key
        + "="
        + value
        + " is ignored; allowed is "
        + CHOICES.get(key)
        + ", and the default holds";
  }

  private static String unknown(String key) {
    String start = key.isEmpty() ? "" : key.substring(0, 1).toLowerCase(Locale.ROOT);
    String meant =
        CHOICES.keySet().stream()
            .filter(known -> !start.isEmpty() && known.startsWith(start))
            .findFirst()
            .map(known -> " Did you mean " + known + "?")
            .orElse("");
    return "unknown option "
        + key
        + " is ignored."
        + meant
        + " Options are "
        + String.join(", ", CHOICES.keySet())
        + ", as in jmx=rw,slow=1s";
  }

  private static @Nullable Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    ChronoUnit unit =
        switch (matcher.group(2)) {
          case "ms" -> ChronoUnit.MILLIS;
          case "s" -> ChronoUnit.SECONDS;
          default -> ChronoUnit.MINUTES;
        };
    return Duration.of(Long.parseLong(matcher.group(1)), unit);
  }
}
