package io.nadb.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import java.util.Optional;
import java.util.Random;

/** Values in short. */
public final class Bytes {

  private Bytes() {}

  /** The text in UTF-8. */
  public static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /** A key's value as text. */
  public static Optional<String> text(KeyValueStore store, String key) {
    return store.get(key).map(bytes -> new String(bytes, UTF_8));
  }

  /** Bytes that can't be compressed, always the same. */
  public static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
