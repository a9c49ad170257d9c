package io.nadb.testkit;

import java.time.Instant;

/**
 * A write that a store had acknowledged before a crash.
 *
 * @param location the store's location
 * @param namespace the namespace
 * @param key the key
 * @param kind what was done to the key
 * @param sequence the write's sequence number; that of a later one if other threads wrote while it
 *     was made by a call that tells none
 * @param size the value's length in bytes; 0 for a deletion and a touch
 * @param at when it was acknowledged
 * @since 0.1.0
 */
public record LostWrite(
    String location, String namespace, String key, Kind kind, long sequence, int size, Instant at) {

  /** What a write does. */
  public enum Kind {
    /** It sets the entry. */
    SET,
    /** It deletes the entry. */
    DELETE,
    /** It gives the entry another TTL. */
    TOUCH
  }

  @Override
  public String toString() {
    return "#" + sequence + " " + kind + " " + Text.quote(key) + " (" + size + " bytes)";
  }
}
