package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyVersion;
import io.nadb.NadbException;
import io.nadb.NamespaceStats;
import io.nadb.RemovalListener;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.Transaction;
import io.nadb.internal.async.AsyncCalls;
import io.nadb.internal.watch.WatchedStore;
import io.nadb.spi.Change;
import io.nadb.spi.CopyableStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The store of one location, shared by the handles of all its namespaces; {@link StoreHandle} has
 * checked all arguments.
 */
public interface Engine extends WatchedStore {

  /** The name, for statistics and errors. */
  String name();

  /**
   * Brings all writes where they are durable, ends the background work and closes the backend.
   *
   * @throws NadbException if any of that fails; all is released all the same
   */
  void close();

  /**
   * Does what is to be done when the JVM has begun to end, and the store may still be used:
   * flushes, and sees to it that each write from now on outlives the process once it has returned.
   * What can't be kept is said in a warning.
   */
  void prepareForExit();

  /** Closes without a flush: what is buffered is lost, as in a crash. */
  void discard();

  /** What it can do of that which not every store can. */
  Set<StoreCapability> capabilities();

  /** Replaces an entry; returns the write's sequence number. */
  long set(String namespace, String key, byte[] value, SetOptions options);

  /** Removes an entry; returns whether there was one. */
  boolean delete(String namespace, String key);

  /** Changes an entry in a way that depends on what is there. */
  Change.Outcome change(String namespace, String key, Change change);

  /** Begins a transaction. */
  Transaction begin(String namespace);

  /** Runs a function as a transaction, again if it has lost. */
  <T extends @Nullable Object> T transaction(String namespace, Function<Transaction, T> body);

  /** Removes all entries of a namespace. */
  void clear(String namespace);

  /** Returns a value, as an array of the caller's own, or null if there is none. */
  byte @Nullable [] get(String namespace, String key);

  /** Tells whether there is an entry. */
  boolean contains(String namespace, String key);

  /** Returns what is known of an entry, or null if there is none. */
  @Nullable EntryMetadata metadata(String namespace, String key);

  /** Returns an entry with its value, an array of the caller's own, or null if there is none. */
  @Nullable Entry entry(String namespace, String key);

  /** Returns the values of those of the keys (each once) that exist, in their order. */
  Map<String, byte[]> getAll(String namespace, List<String> keys);

  /** Replaces entries, all or none; returns the number of the last of these writes. */
  default long setAll(String namespace, Map<String, byte[]> entries, SetOptions options) {
    Transaction committed =
        transaction(
            namespace,
            transaction -> {
              entries.forEach((key, value) -> transaction.set(key, value, options));
              return transaction;
            });
    return TransactionHandle.numberOf(committed);
  }

  /** Returns how many entries there are. */
  long size(String namespace);

  /** Returns the keys that begin with a prefix, in key order. */
  List<String> keys(String namespace, String prefix);

  /** Returns the entries that have all of the tags (one or more), in key order. */
  List<EntryMetadata> queryByTags(String namespace, Set<String> tags);

  /** Where queries of a namespace are answered. */
  QuerySource queries(String namespace);

  /** Returns each tag with the number of entries that have it. */
  SortedMap<String, Long> tags(String namespace);

  /** Keeps what is there now. */
  Snapshot snapshot(String namespace);

  /** Shows what had been flushed by an earlier moment. */
  Snapshot snapshotAt(String namespace, Instant moment);

  /** Returns the versions of an entry, the newest first, at most so many. */
  List<KeyVersion> log(String namespace, String key, int limit);

  /** Has somebody told of what is removed from a namespace. */
  RemovalFeed onRemoval(String namespace, RemovalListener listener);

  /** Removes what has expired in a namespace, or in all (null); returns how many entries. */
  int cleanupExpired(@Nullable String namespace);

  @Override
  default int cleanupExpired() {
    return cleanupExpired(null);
  }

  /** Entries on their way from and to other stores. */
  CopyableStore transfer();

  /** What can be done with the files that it has. */
  default LocationFiles files() {
    throw Capabilities.noFiles(name());
  }

  /** Lets others follow what is made durable. */
  default ChangeFeeds changes() {
    throw Capabilities.noChanges(name());
  }

  /** Shows what others have made durable, if this is only read; returns the last write's number. */
  default long refresh() {
    return durableSequence();
  }

  /** What has been done with a namespace; also of a closed store. */
  NamespaceStats stats(String namespace);

  /** Up to which write everything is durable. */
  long durableSequence();

  /** Waits until a write is durable; returns whether it is. */
  boolean awaitDurable(long sequence, Duration timeout) throws InterruptedException;

  /**
   * What ends when a write is durable; its threads tell.
   *
   * @throws IllegalArgumentException if no write has that number
   */
  CompletableFuture<@Nullable Void> whenDurable(long sequence);

  /** Makes the calls of those who do not wait. */
  AsyncCalls async();
}
