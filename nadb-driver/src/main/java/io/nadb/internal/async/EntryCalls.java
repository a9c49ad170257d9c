package io.nadb.internal.async;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import io.nadb.spi.Change;
import java.util.Optional;

/** What a store is asked about single entries, without waiting for what comes of it. */
public interface EntryCalls {

  /** Reads a value; the array is the caller's own. */
  void get(String namespace, String key, Reply<Optional<byte[]>> reply);

  /** Reads what is known of an entry besides its value. */
  void metadata(String namespace, String key, Reply<Optional<EntryMetadata>> reply);

  /** Reads an entry with its value. */
  void entry(String namespace, String key, Reply<Optional<Entry>> reply);

  /** Replaces an entry; answered with the write's number. */
  void set(String namespace, String key, byte[] value, SetOptions options, Reply<Long> reply);

  /** Removes an entry; answered with whether there was one. */
  void delete(String namespace, String key, Reply<Boolean> reply);

  /** Changes an entry in a way that depends on what is there. */
  void change(String namespace, String key, Change change, Reply<Change.Outcome> reply);

  /** Does what is to be done once those have been told who have asked. */
  default void afterwards() {}
}
