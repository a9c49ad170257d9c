package io.nadb.spi;

import io.nadb.SetOptions;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A backend that also takes single writes, each whole and at once: for servers that several
 * processes write to, where what a write depends on must be decided in the server.
 *
 * <p><b>Threads.</b> All methods of this interface may be called by any number of threads.
 *
 * <p><b>Failure.</b> A write that failed is not done again by the caller, who could not tell
 * whether another process has written since.
 */
public interface DirectBackend extends StorageBackend {

  /**
   * Replaces an entry.
   *
   * @param write the new entry; its tags and its expiry time hold unless they are to be kept
   * @param options whether the tags and the expiry time of the entry that is replaced are kept, if
   *     there is one alive at {@link Write#created()}
   */
  void set(String namespace, String key, Write write, SetOptions options) throws IOException;

  /** Removes an entry; returns whether there was one alive at {@code now}. */
  boolean delete(String namespace, String key, long now) throws IOException;

  /** Removes all entries of a namespace; returns how many there were. */
  long clear(String namespace) throws IOException;

  /**
   * Removes entries that have expired at {@code now}, a bounded number of them.
   *
   * @param namespace the namespace, or null for all that have been used since the opening
   */
  Removal removeExpired(@Nullable String namespace, long now) throws IOException;

  /**
   * What a step of removing expired entries did.
   *
   * @param removed how many entries it removed
   * @param more whether there are others
   */
  record Removal(int removed, boolean more) {}
}
