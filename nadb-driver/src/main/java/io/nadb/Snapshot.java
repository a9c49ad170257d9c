package io.nadb;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store as it was at one moment, until it is closed: whatever is written, swept, cleared, flushed
 * and compacted meanwhile, each answer is that of the moment. What had not expired then is there;
 * what had is not.
 *
 * <p>Opening one takes the same short time whatever the store holds, and no writer waits for it.
 * While it is open, the store keeps what is replaced: of each entry that is overwritten or removed
 * some ten bytes of memory or, as long as it has not been flushed, all of it; and the files that
 * compaction has rewritten keep their space on the disk. {@link StoreStats#snapshotBytes()} says
 * how much that is. So close it; one that is forgotten is closed when the garbage collector finds
 * it, and the log says where it was opened.
 *
 * <p>Closing the store closes its snapshots. A snapshot is not durable: it ends with the process.
 *
 * <p>May be used by any number of threads. Arguments, values and errors are as {@link
 * KeyValueStore} has them; once it is closed, all methods but {@code sequence}, {@code time} and
 * {@code close} throw {@link IllegalStateException}.
 *
 * @since 0.1.0
 */
public interface Snapshot extends AutoCloseable {

  /** The number of the last write that shows; none after it does. */
  long sequence();

  /** When it was opened, by the store's clock: what had expired by then is not there. */
  Instant time();

  /** Returns a copy of the key's value, or empty if there was no such key. */
  Optional<byte[]> get(String key);

  /** Returns the values of those of the keys that existed, as {@link KeyValueStore#getAll} does. */
  Map<String, byte[]> getAll(Collection<String> keys);

  /** Tells whether the key existed. */
  boolean contains(String key);

  /** Returns what is known of the key's entry besides its value, or empty if there was none. */
  Optional<EntryMetadata> metadata(String key);

  /** Returns the key's entry, metadata and value, or empty if there was none. */
  Optional<Entry> entry(String key);

  /** Returns how many entries there were. */
  long size();

  /** Returns the keys that begin with {@code prefix}, in key order; unmodifiable. */
  List<String> keys(String prefix);

  /**
   * Returns the entries that had all the given tags, in key order.
   *
   * @throws IllegalArgumentException if no tag is given
   */
  List<EntryMetadata> queryByTags(String... tags);

  /** Begins a question for entries that there were; all its answers are of this moment. */
  Query query();

  /** Returns each tag in use with the number of entries that had it, in tag order. */
  Map<String, Long> tags();

  /**
   * Returns this snapshot, of the same moment, on another namespace of the same location; closing
   * either closes both.
   *
   * @param name the namespace, as the URL option {@code namespace} has it
   */
  Snapshot namespace(String name);

  /** Lets go of all that is kept for it; does nothing if it is closed. */
  @Override
  void close();
}
