package io.nadb.samples.quickstart;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * A file as it was when it was stored.
 *
 * @param path where it is
 * @param key the key it is stored under
 * @param digest the SHA-256 of its content
 * @param tags its tags
 * @param expires whether it has a TTL
 */
record StoredFile(Path path, String key, String digest, Set<String> tags, boolean expires) {

  static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
