package io.nadb.spring.cache;

/**
 * Makes keys of the store of the keys that Spring has, which may be any object.
 *
 * <p>Two keys that are not equal must not become the same text, or one of them gets the other's
 * value.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CacheKeys {

  /**
   * Makes the store's key: 1 byte to 64 KiB in UTF-8.
   *
   * @throws IllegalArgumentException if the key is of a kind that this does not know
   */
  String convert(Object key);

  /**
   * Text as it is; numbers, booleans, characters, enums, UUIDs, and dates and times by type and
   * text; records, arrays, lists and what Spring makes of several arguments ({@code SimpleKey}) by
   * their parts. No two of them become the same, and anything else is an error.
   */
  static CacheKeys typed() {
    return TypedKeys.INSTANCE;
  }
}
