package io.nadb.internal.async;

import io.nadb.SetOptions;
import io.nadb.spi.Change;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.util.Optional;

/**
 * Calls about single entries that are sent to a backend together. No two of them are about the same
 * entry, unless both only read; so the backend may make them in any order. What each method does,
 * the one of that name in {@link io.nadb.spi.DirectBackend} says. For one thread.
 */
public interface Pipeline {

  /** Reads a value. */
  void value(String namespace, String key, Reply<Optional<byte[]>> reply);

  /** Reads what is known of an entry. */
  void entry(String namespace, String key, Reply<Optional<StoredEntry>> reply);

  /** Reads an entry with its value. */
  void read(String namespace, String key, Reply<Optional<StoredValue>> reply);

  /** Replaces an entry; answered with the write that was given. */
  void set(String namespace, String key, Write write, SetOptions options, Reply<Write> reply);

  /** Removes an entry. */
  void delete(String namespace, String key, Reply<Boolean> reply);

  /** Makes a change. */
  void change(String namespace, String key, Change change, Reply<Change.Outcome> reply);

  /** Has all of them made; each reply has been told when this returns. */
  void send();
}
