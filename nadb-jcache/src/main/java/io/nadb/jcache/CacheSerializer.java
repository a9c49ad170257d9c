package io.nadb.jcache;

import java.io.IOException;

/**
 * Turns values, and keys that NADB has no text for, into bytes and back.
 *
 * <p>A manager's property {@code io.nadb.jcache.serializer} names one for all caches, {@code
 * io.nadb.jcache.serializer.<cache>} for one of them: an object of this type, or the name of a
 * class with a public constructor without parameters. Without it, it is Java's serialization. Each
 * value carries the {@linkplain #id id} of what has written it, and another serializer refuses it.
 *
 * <p>Implementations are thread-safe.
 *
 * @since 0.1.0
 */
public interface CacheSerializer {

  /**
   * Names the format: 2 to 32 letters, digits and {@code -} of ASCII. Always the same; a format
   * that can't read what was written before has another id.
   */
  String id();

  /**
   * Returns the bytes of a value.
   *
   * @throws IOException if it can't be written
   */
  byte[] serialize(Object value) throws IOException;

  /**
   * Returns the bytes of a key: the same for all keys that are equal, since a cache compares bytes.
   *
   * @throws IOException if it can't be written
   */
  default byte[] serializeKey(Object key) throws IOException {
    return serialize(key);
  }

  /**
   * Returns a new object that is equal to what was serialized.
   *
   * @param loader where its classes are looked up
   * @throws IOException if the bytes can't be read
   * @throws ClassNotFoundException if a class is missing
   */
  Object deserialize(byte[] bytes, ClassLoader loader) throws IOException, ClassNotFoundException;
}
