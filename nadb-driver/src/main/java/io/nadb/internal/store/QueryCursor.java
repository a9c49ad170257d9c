package io.nadb.internal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.internal.store.Question.Place;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * The text in which a user keeps a place in the answer to a question:
 *
 * <pre>
 *  1 byte: version   4: checksum of the question   8: number   n: key   4: checksum of all before
 * </pre>
 *
 * <p>in Base64 for URLs, without padding.
 */
final class QueryCursor {
  private static final byte VERSION = 1;
  private static final int BYTES_BEFORE_KEY = 1 + Integer.BYTES + Long.BYTES;
  private static final int SHOWN_CHARS = 40;

  private QueryCursor() {}

  static String encode(String namespace, Question question, Place place) {
    byte[] key = place.key().getBytes(UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(BYTES_BEFORE_KEY + key.length + Integer.BYTES);
    bytes.put(VERSION).putInt(checksum(namespace, question)).putLong(place.number()).put(key);
    bytes.putInt(crc(bytes.array(), bytes.position()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /**
   * Gives the place that a text stands for.
   *
   * @throws IllegalArgumentException if it stands for none, or for one of another question
   */
  static Place decode(String namespace, Question question, String cursor) {
    ByteBuffer bytes = bytes(cursor);
    if (bytes.getInt() != checksum(namespace, question)) {
      throw refused(
          cursor,
          "it is of another question: namespace, tags, keys, sizes, times and order must be those"
              + " of the query whose page it came with");
    }
    long number = bytes.getLong();
    byte[] key = new byte[bytes.remaining() - Integer.BYTES];
    bytes.get(key);
    return new Place(number, new String(key, UTF_8));
  }

  /**
   * Refuses a text that stands for no place in the answer to any question.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static void checkSound(String cursor) {
    bytes(cursor);
  }

  /** Decodes it, up to what is of the question. */
  private static ByteBuffer bytes(String cursor) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) { // Its message says which character it was, in hex.
      bytes = new byte[0];
    }
    int end = bytes.length - Integer.BYTES;
    if (end <= BYTES_BEFORE_KEY || ByteBuffer.wrap(bytes).getInt(end) != crc(bytes, end)) {
      throw refused(cursor, "it is no cursor, or was changed or cut off");
    }
    ByteBuffer sound = ByteBuffer.wrap(bytes);
    if (sound.get() != VERSION) {
      throw refused(cursor, "it is of another version of the library");
    }
    return sound;
  }

  private static IllegalArgumentException refused(String cursor, String reason) {
    String shown = cursor.length() <= SHOWN_CHARS ? cursor : cursor.substring(0, SHOWN_CHARS) + "…";
    return new IllegalArgumentException(
        "the cursor '" + shown + "' does not fit: " + reason + "; begin anew without one");
  }

  private static int checksum(String namespace, Question question) {
    byte[] text = (namespace + '\0' + question).getBytes(UTF_8);
    return crc(text, text.length);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
