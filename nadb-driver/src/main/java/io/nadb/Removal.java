package io.nadb;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * The removal of an entry.
 *
 * <p>Equal to another one if all is equal and the values have the same bytes.
 *
 * @param cause why it was removed
 * @param sequence the sequence number of the write that removed it: of the deletion, or of what
 *     took its place
 * @param metadata what is known of the entry that was removed
 * @param value its value, an array of the listener's own; empty if the listener did not want it, or
 *     if it could not be read, which the log says
 * @since 0.1.0
 */
public record Removal(
    RemovalCause cause, long sequence, EntryMetadata metadata, Optional<byte[]> value) {

  /** Refuses null. */
  public Removal {
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(value, "value");
  }

  /** The key of the entry that was removed. */
  public String key() {
    return metadata.key();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Removal that
        && cause == that.cause
        && sequence == that.sequence
        && metadata.equals(that.metadata)
        && Arrays.equals(value.orElse(null), that.value.orElse(null));
  }

  @Override
  public int hashCode() {
    return 31 * Objects.hash(cause, sequence, metadata) + Arrays.hashCode(value.orElse(null));
  }

  /** All but the value; of that only its length, since it may be a secret. */
  @Override
  public String toString() {
    return "Removal["
        + cause
        + ", sequence="
        + sequence
        + ", "
        + metadata
        + value.map(bytes -> ", " + bytes.length + " bytes").orElse("")
        + "]";
  }
}
