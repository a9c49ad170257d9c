package io.nadb.internal.redis;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes entries of what the server answers. */
final class Replies {
  private final RedisFailures failures;

  Replies(RedisFailures failures) {
    this.failures = failures;
  }

  /** A list, as a command or script that always answers with one gives it. */
  static List<?> list(@Nullable Object reply) {
    if (reply instanceof List<?> list) {
      return list;
    }
    throw new IllegalStateException("the server answered " + kind(reply) + " instead of a list");
  }

  /** A text, as bytes. */
  static byte[] bytes(@Nullable Object reply) {
    if (reply instanceof byte[] bytes) {
      return bytes;
    }
    throw new IllegalStateException("the server answered " + kind(reply) + " instead of a text");
  }

  /** A number. */
  static long number(@Nullable Object reply) {
    if (reply instanceof Long number) {
      return number;
    }
    throw new IllegalStateException("the server answered " + kind(reply) + " instead of a number");
  }

  /** What the command {@code TIME} answers, seconds and microseconds, in milliseconds. */
  static long time(@Nullable Object reply) {
    List<?> parts = list(reply);
    return 1000 * Long.parseLong(text(parts.get(0))) + Long.parseLong(text(parts.get(1))) / 1000;
  }

  private static String kind(@Nullable Object reply) {
    return reply == null ? "nothing" : reply.getClass().getSimpleName();
  }

  /**
   * An entry.
   *
   * @param name what its key is called in Redis
   * @param fields created, updated, expiry time, tags, size; absent ones are null
   * @throws io.nadb.CorruptStoreException if a field is missing or malformed
   */
  StoredEntry entry(byte[] name, byte[] key, List<?> fields) {
    long created = millis(name, "c", fields.get(0));
    long updated = millis(name, "u", fields.get(1));
    long expiresAt = expiresAt(name, fields.get(2));
    Set<String> tags = TagJson.read(text(fields.get(3)));
    long size = millis(name, "s", fields.get(4));
    if (tags == null) {
      throw failures.corrupt(name, "its field t is no JSON array of strings", null);
    }
    return new StoredEntry(
        Keyspace.text(key),
        0,
        (int) Math.min(size, Integer.MAX_VALUE),
        created,
        updated,
        expiresAt,
        tags);
  }

  /** When an entry expires, from its field {@code x}. */
  long expiresAt(byte[] name, @Nullable Object field) {
    return text(field).isEmpty() ? Write.NEVER : millis(name, "x", field);
  }

  private long millis(byte[] name, String field, @Nullable Object value) {
    String text = text(value);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw failures.corrupt(
          name, "its field " + field + (text.isEmpty() ? " is missing" : " is no number"), e);
    }
  }

  private static String text(@Nullable Object value) {
    return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
  }
}
