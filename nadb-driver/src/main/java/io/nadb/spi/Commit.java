package io.nadb.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes of several entries that a server makes in one step, if all that was read is as it was.
 *
 * @param reads what was read, each entry once, and whatever is written as well
 * @param writes what is to be written, each entry once
 * @since 0.1.0
 */
public record Commit(Map<Name, Version> reads, Map<Name, Intent> writes) {

  /**
   * Which entry.
   *
   * @param namespace its namespace
   * @param key its key
   */
  public record Name(String namespace, String key) {}

  /**
   * What tells the versions of an entry from each other, in words of the backend. Versions with the
   * same content and metadata may be one to it.
   *
   * @param entry of its metadata; empty if there is no entry
   * @param value of its value; empty if that was not looked at
   */
  public record Version(String entry, String value) {
    /** There is no entry. */
    public static final Version ABSENT = new Version("", "");

    /** Whether neither says what the other denies. */
    public boolean agreesWith(Version other) {
      return entry.equals(other.entry)
          && (value.isEmpty() || other.value.isEmpty() || value.equals(other.value));
    }
  }

  /**
   * An entry that was read.
   *
   * @param entry what is known of it; null if there is none
   * @param value its value, an array of the caller's own; empty if it was not looked at
   * @param version tells it from others
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  public record Seen(@Nullable StoredEntry entry, byte[] value, Version version) {}

  /**
   * A write that is intended.
   *
   * @param write the entry or its deletion; its time to live begins when the server has it
   * @param keepsExpiry whether the expiry time of the entry that is replaced stays, which was read
   */
  public record Intent(Write write, boolean keepsExpiry) {}
}
