package io.nadb.spi;

import io.nadb.SetOptions;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backend that also takes single writes, each whole and at once: for servers that several
 * processes write to, where what a write depends on must be decided in the server.
 *
 * <p><b>Time.</b> The server's clock decides what has expired, since the clocks of those who share
 * it may differ: read methods return, and give to their consumers, only what is alive, whatever
 * time they are given, and a time to live begins when the server has the write. Writes are dated by
 * {@link #clock}, and only the distance between their times counts: {@link Write#expiresAt()} lies
 * the time to live after {@link Write#updated()}.
 *
 * <p><b>Views.</b> A server keeps nothing for who would like to see what others have replaced
 * since: a {@link #view} answers each question from what is there when it is asked, entry by entry,
 * whatever sequence number it is given. So listings and queries of such a store are no snapshot
 * while somebody writes.
 *
 * <p><b>Threads.</b> All methods of this interface may be called by any number of threads.
 *
 * <p><b>Failure.</b> A write that failed is not done again by the caller, who could not tell
 * whether another process has written since.
 *
 * @since 0.1.0
 */
public interface DirectBackend extends StorageBackend {

  /**
   * What writes are dated by, and what has expired among those that are in a buffer before this
   * backend: the server's clock, as far as it is known here.
   */
  InstantSource clock();

  /**
   * Replaces an entry.
   *
   * @param write the new entry; its tags and its expiry time hold unless they are to be kept
   * @param options whether the tags and the expiry time of the entry that is replaced are kept, if
   *     there is one alive
   */
  void set(String namespace, String key, Write write, SetOptions options) throws IOException;

  /** Removes an entry; returns whether there was one alive. */
  boolean delete(String namespace, String key) throws IOException;

  /**
   * Makes a change that depends on the entry that is there, in one step.
   *
   * @throws NumberFormatException if a number is to be added to and the value is none
   * @throws ArithmeticException if the sum does not fit into 64 bits
   */
  Change.Outcome change(String namespace, String key, Change change) throws IOException;

  /**
   * Reads an entry for a transaction, with what tells its version from others.
   *
   * @param withValue whether the value is wanted, and is part of the version
   */
  Commit.Seen look(Commit.Name name, boolean withValue) throws IOException;

  /**
   * Refuses two entries that can't be part of one {@link Commit}, since no server has both.
   *
   * @throws IllegalArgumentException if they can't; it names both, and says how they could
   */
  void checkTogether(Commit.Name one, Commit.Name other);

  /**
   * Makes all writes of a transaction in one step, if all that it has read is as it was; else
   * nothing is written. Whatever may be refused is refused before the first of them.
   *
   * @return an entry that is not as it was read; empty if none is, and all is written
   */
  Optional<Commit.Name> commit(Commit commit) throws IOException;

  /**
   * Reads those of some entries that exist, each together with the value of the same write, in the
   * order of the keys.
   */
  default List<StoredValue> readAll(String namespace, Collection<String> keys) throws IOException {
    List<StoredValue> found = new ArrayList<>();
    for (String key : keys) {
      StoredValue entry = read(namespace, key);
      if (entry != null) {
        found.add(entry);
      }
    }
    return found;
  }

  /**
   * Sets entries as they are, whatever is there: their times hold, and are not counted from when
   * the server has the write. Each entry at once, but not all of them.
   *
   * @throws UnsupportedOperationException if this backend dates all writes itself
   */
  default void copyIn(String namespace, Collection<StoredValue> entries) throws IOException {
    throw new UnsupportedOperationException("this backend dates all writes itself");
  }

  /** Removes all entries of a namespace; returns how many there were. */
  long clear(String namespace) throws IOException;

  /**
   * Removes entries that have expired, a bounded number of them.
   *
   * @param namespace the namespace, or null for all that have been used since the opening
   */
  Removal removeExpired(@Nullable String namespace) throws IOException;

  /** Names none: {@link #removeExpired} is asked instead, which removes them at once. */
  @Override
  default List<ExpiredKey> expired(@Nullable String namespace, long now, int limit)
      throws IOException {
    return List.of();
  }

  /**
   * What a step of removing expired entries did.
   *
   * @param removed how many entries it removed
   * @param more whether there are others
   */
  record Removal(int removed, boolean more) {}
}
