package io.nadb.benchmarks.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every store that takes part can do, in its own way. */
public interface Store extends AutoCloseable {

  /** Sets an entry; when it is durable, the {@link Discipline} says. */
  void set(String key, byte[] value);

  /** Returns a copy of the value that the latest {@link #set} that returned has given the key. */
  byte @Nullable [] get(String key);

  /** Returns when all that was written is durable. */
  void flush();

  /** Returns the keys that begin with {@code prefix}, in order. */
  default List<String> keys(String prefix) {
    throw new UnsupportedOperationException("no listing");
  }

  /** Sets an entry with tags and TTL, in place of whatever the key had before. */
  default void set(String key, byte[] value, Labels labels) {
    throw new UnsupportedOperationException("no tags");
  }

  /** Returns the keys that have the tag and have not expired, in order. */
  default List<String> keysWithTag(String tag) {
    throw new UnsupportedOperationException("no tags");
  }

  /** Removes what has expired, durably, and returns how many entries that were. */
  default int removeExpired() {
    throw new UnsupportedOperationException("no TTL");
  }

  /** Whether the store itself knows of work it has put off. */
  default boolean hasBacklog() {
    return false;
  }

  @Override
  void close();
}
