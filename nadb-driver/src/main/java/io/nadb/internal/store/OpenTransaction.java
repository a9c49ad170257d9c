package io.nadb.internal.store;

import io.nadb.ConflictException;
import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import io.nadb.internal.store.LayeredReader.Latest;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a transaction has read and will write. */
abstract sealed class OpenTransaction permits BufferTransaction, ServerTransaction {
  private static final long MAX_BYTES = 256L << 20;

  private final String store;
  private final Map<String, Map<String, OwnWrite>> writes = new HashMap<>();
  private long bytes;

  OpenTransaction(String store) {
    this.store = store;
  }

  /**
   * A write that has not been made yet.
   *
   * @param value the value, null for a deletion
   * @param keptExpiry the expiry time to be kept, if the options say so
   * @param isNew whether the entry comes into being anew, whatever is there
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record OwnWrite(
      byte @Nullable [] value,
      Set<String> tags,
      SetOptions options,
      long keptExpiry,
      boolean isNew) {

    long expiresAt(Instant now) {
      return options.keepsTtl() ? keptExpiry : Expiry.of(options, now);
    }

    /** Whether the entry that is replaced has an expiry time, and that stays. */
    boolean keepsExpiry() {
      return value != null && options.keepsTtl() && keptExpiry != Write.NEVER;
    }

    Write write(Instant now) {
      long millis = now.toEpochMilli();
      return value == null
          ? Write.delete(0, millis)
          : Write.set(0, value, tags, millis, !isNew, millis, expiresAt(now));
    }
  }

  /**
   * Reads a key, past the transaction's own writes; null if there is no entry.
   *
   * @throws ConflictException if it can't be read together with what has been read before
   */
  abstract @Nullable Latest read(String namespace, String key, boolean withValue);

  /** Reads an entry, likewise, with all that is known of it; the value is the caller's own. */
  abstract @Nullable Entry entry(String namespace, String key);

  /** Reads what is known of an entry besides its value, likewise. */
  abstract @Nullable EntryMetadata metadata(String namespace, String key);

  /** When a write is made that has been committed now, for entries that are read before. */
  abstract Instant time();

  /**
   * Makes the writes, if all that was read is unchanged; returns the number of the last one.
   *
   * @throws ConflictException if something has changed; nothing is written
   */
  abstract long commit();

  /**
   * Sees to it that all that was read was there together at one moment: for who has read, and does
   * not commit.
   *
   * @throws ConflictException if it was not
   */
  abstract void checkReads();

  /** What this transaction will write to a key; null if it has not said. */
  final @Nullable OwnWrite own(String namespace, String key) {
    Map<String, OwnWrite> byKey = writes.get(namespace);
    return byKey == null ? null : byKey.get(key);
  }

  /** Will set an entry; {@code value} is not copied. */
  final void set(String namespace, String key, byte[] value, SetOptions options) {
    OwnWrite own = own(namespace, key);
    Set<String> tags = options.tags();
    long keptExpiry = Write.NEVER;
    if (options.keepsTags() || options.keepsTtl()) {
      if (own == null) {
        Latest latest = read(namespace, key, false);
        StoredEntry entry = latest == null ? null : latest.entry();
        tags = entry != null && options.keepsTags() ? entry.tags() : tags;
        keptExpiry = entry == null ? Write.NEVER : entry.expiresAt();
      } else if (own.value() != null) {
        tags = options.keepsTags() ? own.tags() : tags;
        keptExpiry = own.keptExpiry();
        if (options.keepsTtl() && !own.options().keepsTtl()) {
          options = own.options(); // The TTL that begins at the commit.
        }
      }
    }
    boolean isNew = own != null && (own.value() == null || own.isNew());
    put(namespace, key, new OwnWrite(value, tags, options, keptExpiry, isNew));
  }

  /** Will delete an entry; returns whether there is one. */
  final boolean delete(String namespace, String key) {
    OwnWrite own = own(namespace, key);
    if (own == null ? read(namespace, key, false) == null : own.value() == null) {
      return false;
    }
    put(namespace, key, new OwnWrite(null, Set.of(), SetOptions.none(), Write.NEVER, false));
    return true;
  }

  private void put(String namespace, String key, OwnWrite write) {
    noteWrite(namespace, key);
    OwnWrite before = own(namespace, key);
    long sum = bytes + charge(key, write) - (before == null ? 0 : charge(key, before));
    if (sum > MAX_BYTES) {
      throw new IllegalArgumentException(
          "with key '"
              + key
              + "' the transaction would have "
              + sum
              + " bytes; at most "
              + MAX_BYTES
              + " are allowed");
    }
    bytes = sum;
    writes.computeIfAbsent(namespace, name -> new HashMap<>()).put(key, write);
  }

  private static long charge(String key, OwnWrite write) {
    return MemTable.charge(key, write.value() == null ? 0 : write.value().length, write.tags());
  }

  /** Whether anything is to be written. */
  final boolean isReadOnly() {
    return writes.isEmpty();
  }

  /** Is told which key is about to be written, and may refuse it. */
  void noteWrite(String namespace, String key) {}

  /** Counts the writes. */
  final void count(UsageCounts usage) {
    writes.forEach(
        (namespace, byKey) -> {
          NamespaceCounts counts = usage.of(namespace);
          byKey.values().forEach(write -> counts.written(write.value() == null));
        });
  }

  /** The writes, by namespace and key. */
  final Map<String, Map<String, OwnWrite>> writes() {
    return writes;
  }

  final String store() {
    return store;
  }

  final ConflictException conflict(String key) {
    return new ConflictException(
        "store "
            + store
            + ": somebody else has changed the key '"
            + key
            + "' since the transaction read it; nothing was written, run it again",
        key,
        1);
  }
}
