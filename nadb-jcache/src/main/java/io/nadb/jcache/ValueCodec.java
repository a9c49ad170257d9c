package io.nadb.jcache;

import java.io.IOException;
import java.io.InvalidClassException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.cache.CacheException;

/**
 * Writes a cache's values as values of a store: the length of the serializer's id in one byte, the
 * id, and what the serializer has made of the value.
 */
final class ValueCodec<V> {
  private final String cache;
  private final CacheSerializer serializer;
  private final ClassLoader loader;
  private final byte[] id;

  ValueCodec(String cache, CacheSerializer serializer, ClassLoader loader) {
    this.cache = cache;
    this.serializer = serializer;
    this.loader = loader;
    this.id = serializer.id().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Returns the bytes of a value.
   *
   * @throws CacheException if it can't be serialized
   */
  byte[] encode(V value) {
    try {
      byte[] body = serializer.serialize(value);
      byte[] bytes = new byte[1 + id.length + body.length];
      bytes[0] = (byte) id.length;
      System.arraycopy(id, 0, bytes, 1, id.length);
      System.arraycopy(body, 0, bytes, 1 + id.length, body.length);
      return bytes;
    } catch (IOException | RuntimeException e) {
      throw new CacheException(
          "cache '%s': a value of type %s can't be serialized by '%s': %s"
              .formatted(cache, value.getClass().getName(), serializer.id(), e),
          e);
    }
  }

  /**
   * Returns a new object of a value's bytes.
   *
   * @throws CacheException if another serializer has written them, or a filter refuses them
   * @throws UnreadableValueException if they can't be read for any other reason
   */
  @SuppressWarnings("unchecked") // The caller has put it in, or said that it is of this type.
  V decode(byte[] bytes) {
    int length = bytes.length == 0 ? 0 : bytes[0];
    if (length <= 0 || length >= bytes.length) {
      throw new CacheException(
          "cache '%s': a value was not written by a cache; its namespace has another user"
              .formatted(cache));
    }
    if (!Arrays.equals(bytes, 1, 1 + length, id, 0, id.length)) {
      throw new CacheException(
          "cache '%s': a value was written by the serializer '%s', and the cache has '%s'; clear the"
                  .formatted(
                      cache,
                      new String(bytes, 1, length, StandardCharsets.US_ASCII),
                      serializer.id())
              + " cache, or give it the serializer that it was written with");
    }
    try {
      byte[] body = Arrays.copyOfRange(bytes, 1 + length, bytes.length);
      return (V) serializer.deserialize(body, loader);
    } catch (IOException | ClassNotFoundException | RuntimeException e) {
      String message = "cache '%s': a value can't be read: %s".formatted(cache, e);
      if (e instanceof InvalidClassException && message.contains("filter status")) {
        throw new CacheException(message + "; see the property io.nadb.jcache.filter", e);
      }
      throw new UnreadableValueException(
          message + "; remove the entry, or clear the cache", e, bytes);
    }
  }
}
