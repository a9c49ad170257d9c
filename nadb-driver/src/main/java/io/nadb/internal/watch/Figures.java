package io.nadb.internal.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes figures apart into types of {@code java.base}: an entry for each, under its name.
 *
 * <pre>
 *   Duration        Long     name + "Millis"
 *   Instant         Long     milliseconds since 1970
 *   enum            String
 *   Optional        as its value; left out if empty
 *   all else        as it is
 * </pre>
 */
final class Figures {

  private Figures() {}

  static Map<String, Object> of(Map<String, Object> figures) {
    Map<String, Object> parts = new LinkedHashMap<>();
    figures.forEach((name, value) -> put(parts, name, value));
    return parts;
  }

  private static void put(Map<String, Object> parts, String name, @Nullable Object value) {
    if (value instanceof Optional<?> optional) {
      put(parts, name, optional.orElse(null));
    } else if (value instanceof Duration duration) {
      parts.put(name + "Millis", duration.toMillis());
    } else if (value instanceof Instant instant) {
      parts.put(name, instant.toEpochMilli());
    } else if (value instanceof Enum<?> constant) {
      parts.put(name, constant.name());
    } else if (value instanceof List<?> list) {
      parts.put(name, List.copyOf(list));
    } else if (value != null) {
      parts.put(name, value);
    }
  }
}
