package io.nadb.codec;

/**
 * Makes bytes of a value, and the value of the bytes, in a format that has a name.
 *
 * <p>The name goes with each value into the store, and is what a value is read by: a codec never
 * sees bytes of another format. So who changes what the bytes mean, changes the name. {@code
 * toString} says in errors what the codec is for.
 *
 * <p>Implementations are thread-safe. What they throw comes to the caller in a {@link
 * CodecException} that names the key.
 *
 * @param <V> the values
 * @since 0.1.0
 */
public interface Codec<V> {

  /** The name of the format: a lower case letter, then up to 62 of {@code a-z 0-9 . _ -}. */
  String format();

  /** Makes bytes of a value; never null. */
  byte[] encode(V value) throws Exception;

  /** Makes the value of bytes that {@link #encode} has made; never null. */
  V decode(byte[] bytes) throws Exception;

  /** Whether two values are equal; by {@code equals} if not told otherwise, as for arrays. */
  default boolean equal(V one, V other) {
    return one.equals(other);
  }

  /** Text, in UTF-8: format {@code utf-8}. Refuses text with unpaired surrogates. */
  static Codec<String> strings() {
    return StringCodec.INSTANCE;
  }

  /** Bytes as they are: format {@code bytes}. */
  static Codec<byte[]> bytes() {
    return BytesCodec.INSTANCE;
  }
}
