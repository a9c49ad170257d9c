package io.nadb.internal.store;

import io.nadb.SetOptions;
import io.nadb.internal.number.DecimalText;
import io.nadb.internal.store.LayeredReader.Latest;
import io.nadb.spi.Change;
import io.nadb.spi.Change.Outcome;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proposes the write that makes a {@link Change}, and keeps what will have come of it: reads
 * without the buffer's lock, and decides anew if somebody has written the entry since.
 */
final class ConditionalChange implements Proposal {
  private final InstantSource clock;
  private final WriteBuffer buffer;
  private final LayeredReader reader;
  private final String namespace;
  private final String key;
  private final Change change;
  private final boolean wantsValue;

  private Outcome outcome = Outcome.NONE;
  private long expiresAt = Write.NEVER;

  ConditionalChange(
      InstantSource clock,
      WriteBuffer buffer,
      LayeredReader reader,
      String namespace,
      String key,
      Change change) {
    this.clock = clock;
    this.buffer = buffer;
    this.reader = reader;
    this.namespace = namespace;
    this.key = key;
    this.change = change;
    this.wantsValue = wantsValue(change, reader);
  }

  private static boolean wantsValue(Change change, LayeredReader reader) {
    if (change instanceof Change.Put put) {
      return put.wantsBefore() || put.condition() instanceof Change.Equal;
    }
    if (change instanceof Change.Remove remove) {
      return remove.wantsBefore() || remove.condition() instanceof Change.Equal;
    }
    return !(change instanceof Change.Touch) || !reader.takesTouches();
  }

  /** What came of the change, once it has been committed. */
  Outcome outcome() {
    return outcome;
  }

  /** When the entry expires that was written, or {@link Write#NEVER}. */
  long expiresAt() {
    return expiresAt;
  }

  @Override
  public @Nullable WriteBatch propose() {
    long asOf = buffer.sequence();
    Instant now = clock.instant();
    Latest latest = reader.latest(namespace, key, now.toEpochMilli(), wantsValue);
    Latest current = latest.isAlive() ? latest : null;
    Precondition unchanged =
        current == null
            ? new Precondition.Absent(namespace, key, asOf, now.toEpochMilli())
            : new Precondition.Unchanged(namespace, key, asOf, current.sequence());
    outcome = Outcome.NONE;
    expiresAt = Write.NEVER;
    if (change instanceof Change.Put put) {
      return put(put, current, now, unchanged);
    }
    if (change instanceof Change.Remove remove) {
      return remove(remove, current, now, unchanged);
    }
    if (change instanceof Change.Add add) {
      return add(add, current, now, unchanged);
    }
    return touch((Change.Touch) change, current, now, unchanged);
  }

  private @Nullable WriteBatch put(
      Change.Put put, @Nullable Latest current, Instant now, Precondition unchanged) {
    if (!holds(put.condition(), current)) {
      return null;
    }
    outcome = new Outcome(true, before(put.wantsBefore(), current), 0);
    return set(put.value(), put.options(), current, now, unchanged);
  }

  private @Nullable WriteBatch remove(
      Change.Remove remove, @Nullable Latest current, Instant now, Precondition unchanged) {
    if (current == null || !holds(remove.condition(), current)) {
      return null;
    }
    outcome = new Outcome(true, before(remove.wantsBefore(), current), 0);
    return WriteBatch.delete(now.toEpochMilli(), unchanged);
  }

  private WriteBatch add(
      Change.Add add, @Nullable Latest current, Instant now, Precondition unchanged) {
    long before = current == null ? 0 : DecimalText.parse(key, current.value());
    long sum = DecimalText.add(key, before, add.delta());
    outcome = new Outcome(true, null, sum);
    SetOptions kept = SetOptions.none().keepingTags().keepingTtl();
    return set(DecimalText.format(sum), kept, current, now, unchanged);
  }

  /** A new expiry time is no new value: the time of the last update stays. */
  private @Nullable WriteBatch touch(
      Change.Touch touch, @Nullable Latest current, Instant now, Precondition unchanged) {
    if (current == null) {
      return null;
    }
    outcome = new Outcome(true, null, 0);
    expiresAt = Expiry.of(SetOptions.ttl(touch.ttl()), now);
    StoredEntry entry = Objects.requireNonNull(current.entry());
    long millis = now.toEpochMilli();
    Write write =
        wantsValue
            ? Write.set(0, current.value(), entry.tags(), millis, true, entry.updated(), expiresAt)
            : Write.touch(
                0,
                current.sequence(),
                entry.size(),
                atHand(current.sequence()),
                entry.tags(),
                millis,
                true,
                entry.updated(),
                expiresAt);
    return WriteBatch.touch(write, unchanged);
  }

  /** The value of a write, if that is still in the buffer and has it; else the backend has it. */
  private byte @Nullable [] atHand(long sequence) {
    Write latest = buffer.read(namespace, key);
    return latest != null && latest.sequence() == sequence && latest.hasValue()
        ? latest.value()
        : null;
  }

  private WriteBatch set(
      byte[] value,
      SetOptions options,
      @Nullable Latest current,
      Instant now,
      Precondition unchanged) {
    StoredEntry entry = current == null ? null : current.entry();
    Set<String> tags = options.tags();
    if (entry != null && options.keepsTags()) {
      tags = entry.tags();
    }
    if (options.keepsTtl()) {
      expiresAt = entry == null ? Write.NEVER : entry.expiresAt();
    } else {
      expiresAt = Expiry.of(options, now);
    }
    return WriteBatch.set(value, tags, now.toEpochMilli(), expiresAt, unchanged);
  }

  private static byte @Nullable [] before(boolean wanted, @Nullable Latest current) {
    return wanted && current != null ? current.value().clone() : null; // A buffered one is shared.
  }

  private static boolean holds(Change.Condition condition, @Nullable Latest current) {
    if (condition instanceof Change.Equal equal) {
      return current != null && Arrays.equals(current.value(), equal.value());
    }
    return condition == Change.Presence.ANY
        || (condition == Change.Presence.PRESENT) == (current != null);
  }
}
