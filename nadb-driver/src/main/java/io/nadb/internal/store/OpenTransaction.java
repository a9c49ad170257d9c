package io.nadb.internal.store;

import io.nadb.ConflictException;
import io.nadb.SetOptions;
import io.nadb.internal.store.LayeredReader.Latest;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction has read and will write.
 *
 * <p>All that it has read was there together at one moment, that of the sequence number {@code
 * asOf}. Whoever reads something newer moves that moment on first, which is possible as long as
 * nothing has changed that was read before; so no old versions are needed. Likewise in the course
 * of time: what has been read alive must not expire.
 *
 * <p>It proposes its writes on condition that all it has read is unchanged.
 */
final class OpenTransaction implements Proposal {
  private static final long MAX_BYTES = 256L << 20;

  private final String store;
  private final InstantSource clock;
  private final WriteBuffer buffer;
  private final LayeredReader reader;
  private final Map<Name, Precondition> reads = new HashMap<>();
  private final Map<String, Map<String, OwnWrite>> writes = new HashMap<>();

  private long asOf;
  private long now = Long.MIN_VALUE;
  private long bytes;

  /** When the first of those entries expires that have been read. */
  private long earliestExpiry = Write.NEVER;

  private @Nullable String expiring;
  private boolean proposed;

  /** When the first of those entries expires that are to be written. */
  private long earliestWritten = Write.NEVER;

  OpenTransaction(String store, InstantSource clock, WriteBuffer buffer, LayeredReader reader) {
    this.store = store;
    this.clock = clock;
    this.buffer = buffer;
    this.reader = reader;
    this.asOf = buffer.sequence();
  }

  private record Name(String namespace, String key) {}

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

    private Write write(Instant now) {
      long millis = now.toEpochMilli();
      return value == null
          ? Write.delete(0, millis)
          : Write.set(0, value, tags, millis, !isNew, millis, expiresAt(now));
    }
  }

  /** What this transaction will write to a key; null if it has not said. */
  @Nullable OwnWrite own(String namespace, String key) {
    Map<String, OwnWrite> byKey = writes.get(namespace);
    return byKey == null ? null : byKey.get(key);
  }

  /**
   * Reads a key, past the transaction's own writes; null if there is no entry.
   *
   * @throws ConflictException if it can't be read together with what has been read before
   */
  @Nullable Latest read(String namespace, String key, boolean withValue) {
    Name name = new Name(namespace, key);
    while (true) {
      passTime();
      long before = buffer.sequence();
      Latest latest = reader.latest(namespace, key, now, withValue);
      Precondition found = precondition(name, before, latest);
      Precondition known = reads.get(name);
      if (known != null && !known.isSameAs(found)) {
        throw conflict(key);
      }
      if (latest.sequence() > asOf || (!latest.isKnown() && buffer.dropped() > asOf)) {
        extend();
        continue; // What was just read may be older than the moment that all else is of now.
      }
      if (known == null) {
        reads.put(name, found);
        noteExpiry(key, latest);
      }
      return latest.isAlive() ? latest : null;
    }
  }

  private Precondition precondition(Name name, long before, Latest latest) {
    return latest.isAlive()
        ? new Precondition.Unchanged(name.namespace, name.key, before, latest.sequence())
        : new Precondition.Absent(name.namespace, name.key, before, now);
  }

  private void noteExpiry(String key, Latest latest) {
    StoredEntry entry = latest.entry();
    if (latest.isAlive() && entry != null && entry.expiresAt() < earliestExpiry) {
      earliestExpiry = entry.expiresAt();
      expiring = key;
    }
  }

  /** Lets time pass, as far as all that was read is still there. */
  private Instant passTime() {
    Instant instant = clock.instant();
    now = Math.max(now, instant.toEpochMilli()); // The clock may have been put back.
    if (now >= earliestExpiry && expiring != null) {
      throw conflict(expiring);
    }
    return Instant.ofEpochMilli(now).isAfter(instant) ? Instant.ofEpochMilli(now) : instant;
  }

  /** Moves to a later moment, at which all that was read is as it was. */
  private void extend() {
    while (true) {
      long moment = buffer.momentOf(reads.values());
      if (moment >= 0) {
        asOf = moment;
        return;
      }
      lookAgain();
    }
  }

  /** Looks whether anything has changed; if not, that is known of a later moment from now on. */
  private void lookAgain() {
    for (Map.Entry<Name, Precondition> read : reads.entrySet()) {
      Name name = read.getKey();
      long before = buffer.sequence();
      Latest latest = reader.latest(name.namespace, name.key, now, false);
      Precondition found = precondition(name, before, latest);
      if (!read.getValue().isSameAs(found)) {
        throw conflict(name.key);
      }
      read.setValue(found);
    }
  }

  private ConflictException conflict(String key) {
    return new ConflictException(
        "store "
            + store
            + ": somebody else has changed the key '"
            + key
            + "' since the transaction read it; nothing was written, run it again",
        key,
        1);
  }

  /** Will set an entry; {@code value} is not copied. */
  void set(String namespace, String key, byte[] value, SetOptions options) {
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
  boolean delete(String namespace, String key) {
    OwnWrite own = own(namespace, key);
    if (own == null ? read(namespace, key, false) == null : own.value() == null) {
      return false;
    }
    put(namespace, key, new OwnWrite(null, Set.of(), SetOptions.none(), Write.NEVER, false));
    return true;
  }

  private void put(String namespace, String key, OwnWrite write) {
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
  boolean isReadOnly() {
    return writes.isEmpty();
  }

  /** The number of the last write before the moment that was read. */
  long asOf() {
    return asOf;
  }

  /** When a write is made that has been committed now, for entries that are read before. */
  Instant time() {
    return passTime();
  }

  @Override
  public WriteBatch propose() {
    Instant instant = passTime();
    if (proposed) {
      lookAgain();
    }
    proposed = true;
    Map<String, Map<String, Write>> made = new HashMap<>();
    writes.forEach(
        (namespace, byKey) -> {
          Map<String, Write> ofNamespace = new HashMap<>();
          byKey.forEach((key, own) -> ofNamespace.put(key, made(own.write(instant))));
          made.put(namespace, ofNamespace);
        });
    return WriteBatch.of(made, List.copyOf(reads.values()));
  }

  private Write made(Write write) {
    earliestWritten = Math.min(earliestWritten, write.expiresAt());
    return write;
  }

  /** When the first of the entries expires that it has proposed to set. */
  long earliestWritten() {
    return earliestWritten;
  }

  /** How many entries are set, or deleted. */
  long count(boolean deletions) {
    return writes.values().stream()
        .flatMap(byKey -> byKey.values().stream())
        .filter(write -> (write.value() == null) == deletions)
        .count();
  }
}
