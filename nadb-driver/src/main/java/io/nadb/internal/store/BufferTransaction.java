package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.internal.store.LayeredReader.Latest;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on a buffer, through which all writes of the store go.
 *
 * <p>All that it has read was there together at one moment, that of the sequence number {@code
 * asOf}. Whoever reads something newer moves that moment on first, which is possible as long as
 * nothing has changed that was read before; so no old versions are needed. Likewise in the course
 * of time: what has been read alive must not expire.
 *
 * <p>It proposes its writes on condition that all it has read is unchanged.
 */
final class BufferTransaction extends OpenTransaction implements Proposal {
  private final InstantSource clock;
  private final WriteBuffer buffer;
  private final LayeredReader reader;
  private final ToLongFunction<BufferTransaction> committer;
  private final Map<Name, Precondition> reads = new HashMap<>();

  private long asOf;
  private long now = Long.MIN_VALUE;

  /** When the first of those entries expires that have been read. */
  private long earliestExpiry = Write.NEVER;

  private @Nullable String expiring;
  private boolean proposed;

  /** When the first of those entries expires that are to be written. */
  private long earliestWritten = Write.NEVER;

  BufferTransaction(
      String store,
      InstantSource clock,
      WriteBuffer buffer,
      LayeredReader reader,
      ToLongFunction<BufferTransaction> committer) {
    super(store);
    this.committer = committer;
    this.clock = clock;
    this.buffer = buffer;
    this.reader = reader;
    this.asOf = buffer.sequence();
  }

  private record Name(String namespace, String key) {}

  @Override
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

  /** The number of the last write before the moment that was read. */
  long asOf() {
    return asOf;
  }

  /** The entry was read between two looks that found the same write: so it is of that write. */
  @Override
  @Nullable Entry entry(String namespace, String key) {
    while (true) {
      if (read(namespace, key, false) == null) {
        return null;
      }
      Entry entry = reader.entry(namespace, key, clock.millis());
      if (read(namespace, key, false) != null && entry != null) {
        return entry;
      }
    }
  }

  @Override
  @Nullable EntryMetadata metadata(String namespace, String key) {
    Entry entry = entry(namespace, key);
    return entry == null ? null : entry.metadata();
  }

  @Override
  long commit() {
    return committer.applyAsLong(this);
  }

  /** Nothing: each read has seen to that. */
  @Override
  void checkReads() {}

  @Override
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
    writes()
        .forEach(
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
}
