package io.nadb.internal.store;

import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import org.jspecify.annotations.Nullable;

/** The values that buffered touches have left as they were, and which only the backend has. */
final class TouchedValues {
  private final WriteBuffer buffer;
  private final Source backend;

  TouchedValues(WriteBuffer buffer, Source backend) {
    this.buffer = buffer;
    this.backend = backend;
  }

  /** Reads what the backend has of a key; null if nothing. */
  interface Source {
    @Nullable StoredValue read(String namespace, String key);
  }

  /**
   * Reads the value of a touch that has none; an array of the caller's own, null if the touch is no
   * longer the latest write of the key.
   */
  byte @Nullable [] value(String namespace, String key, Write touch) {
    StoredValue stored = backend.read(namespace, key);
    if (stored != null && stored.entry().sequence() <= touch.sequence()) {
      return stored.value();
    }
    if (buffer.read(namespace, key) == touch) {
      throw lost(namespace, key);
    }
    return null; // It was flushed, and the key has been written since.
  }

  /** The value was there when it was touched, and nothing removes it but a later write. */
  static IllegalStateException lost(String namespace, String key) {
    return new IllegalStateException(
        "the key '"
            + key
            + "' of namespace '"
            + namespace
            + "' was touched and has no value; this is a bug");
  }
}
