package io.nadb.codec;

import io.nadb.NadbException;
import org.jspecify.annotations.Nullable;

/**
 * A value is not what a typed view reads, or can't be made into what it writes; nothing was
 * written. The message names key and formats, and nothing of the value.
 *
 * @since 0.1.0
 */
public final class CodecException extends NadbException {
  private static final long serialVersionUID = 1L;

  private final String key;

  /** Creates an exception for the value of a key. */
  CodecException(String key, String problem, @Nullable Throwable cause) {
    super("key '" + key + "': " + problem, cause);
    this.key = key;
  }

  /** The key whose value it is about. */
  public String key() {
    return key;
  }
}
