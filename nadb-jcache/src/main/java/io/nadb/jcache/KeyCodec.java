package io.nadb.jcache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import javax.cache.CacheException;

/**
 * Writes a cache's keys as keys of a store: {@code s:} and the text, {@code i:}, {@code l:} and
 * {@code u:} for {@link Integer}, {@link Long} and {@link UUID}; any other as its serializer's id
 * and its bytes in Base64.
 */
final class KeyCodec<K> {
  private static final int MAX_BYTES = 64 * 1024;

  private final String cache;
  private final CacheSerializer serializer;
  private final ClassLoader loader;

  KeyCodec(String cache, CacheSerializer serializer, ClassLoader loader) {
    this.cache = cache;
    this.serializer = serializer;
    this.loader = loader;
  }

  /**
   * Returns the store's key.
   *
   * @throws CacheException if the key can't be serialized, or is too long
   */
  String encode(K key) {
    String name = text(key);
    // No character has more than three bytes.
    if (name.length() > MAX_BYTES / 3) {
      int bytes = name.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_BYTES) {
        throw new CacheException(
            "cache '%s': a key of type %s takes %d bytes; at most %d are allowed"
                .formatted(cache, key.getClass().getName(), bytes, MAX_BYTES));
      }
    }
    return name;
  }

  private String text(K key) {
    if (key instanceof String text && isWellFormed(text)) {
      return "s:" + text;
    }
    if (key instanceof Integer) {
      return "i:" + key;
    }
    if (key instanceof Long) {
      return "l:" + key;
    }
    if (key instanceof UUID) {
      return "u:" + key;
    }
    try {
      byte[] bytes = serializer.serializeKey(key);
      return serializer.id() + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    } catch (IOException | RuntimeException e) {
      throw new CacheException(
          "cache '%s': a key of type %s can't be serialized by '%s': %s"
              .formatted(cache, key.getClass().getName(), serializer.id(), e),
          e);
    }
  }

  /**
   * Returns the cache's key.
   *
   * @throws CacheException if it was written by another serializer, or can't be read
   */
  @SuppressWarnings("unchecked") // The caller has put it in, or said that it is of this type.
  K decode(String name) {
    int colon = name.indexOf(':');
    String kind = name.substring(0, Math.max(colon, 0));
    String rest = name.substring(colon + 1);
    try {
      Object key =
          switch (kind) {
            case "s" -> rest;
            case "i" -> Integer.valueOf(rest);
            case "l" -> Long.valueOf(rest);
            case "u" -> UUID.fromString(rest);
            default -> deserialize(kind, rest);
          };
      return (K) key;
    } catch (IOException | ClassNotFoundException | RuntimeException e) {
      throw new CacheException("cache '%s': a key can't be read: %s".formatted(cache, e), e);
    }
  }

  private Object deserialize(String id, String base64) throws IOException, ClassNotFoundException {
    if (!id.equals(serializer.id())) {
      throw new IOException(
          "it was written by the serializer '%s', and the cache has '%s'"
              .formatted(id, serializer.id()));
    }
    return serializer.deserialize(Base64.getUrlDecoder().decode(base64), loader);
  }

  /** Whether the text has no half of a character: a store's key can't. */
  private static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
