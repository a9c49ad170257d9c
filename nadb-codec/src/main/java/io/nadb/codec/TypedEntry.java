package io.nadb.codec;

import io.nadb.EntryMetadata;
import java.util.Objects;

/**
 * An entry with its value as an object, as it was at one moment.
 *
 * @param <V> the values
 * @param metadata what is known of it besides its value; the size is that of the bytes, with the
 *     name of their format
 * @param value the value
 * @since 0.1.0
 */
public record TypedEntry<V>(EntryMetadata metadata, V value) {

  /** Refuses null. */
  public TypedEntry {
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(value, "value");
  }

  /** The key. */
  public String key() {
    return metadata.key();
  }

  /** The metadata, and nothing of the value, since it may be a secret. */
  @Override
  public String toString() {
    return "TypedEntry[" + metadata + "]";
  }
}
