package io.nadb.jcache;

import javax.cache.CacheException;

/** Says that a value can't be read any more, as when its class has changed. */
final class UnreadableValueException extends CacheException {
  private static final long serialVersionUID = 1L;

  private final transient byte[] bytes;

  UnreadableValueException(String message, Exception cause, byte[] bytes) {
    super(message, cause);
    this.bytes = bytes;
  }

  /** The value as the store has it. */
  byte[] bytes() {
    return bytes;
  }
}
