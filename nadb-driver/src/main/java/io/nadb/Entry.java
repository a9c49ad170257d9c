package io.nadb;

import java.util.Arrays;
import java.util.Objects;

/**
 * An entry with its value, as it was at one moment.
 *
 * <p>Equal to another one if the metadata are equal and the values have the same bytes.
 *
 * @param metadata what is known of it besides its value
 * @param value the value itself, not a copy: an array of whoever was given this entry
 * @since 0.1.0
 */
@SuppressWarnings("ArrayRecordComponent") // It has equals, hashCode and toString of its own.
public record Entry(EntryMetadata metadata, byte[] value) {

  /** Refuses null. */
  public Entry {
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(value, "value");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Entry that
        && metadata.equals(that.metadata)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * metadata.hashCode() + Arrays.hashCode(value);
  }

  /** The metadata; of the value only its length, since it may be a secret. */
  @Override
  public String toString() {
    return "Entry[" + metadata + ", " + value.length + " bytes]";
  }
}
