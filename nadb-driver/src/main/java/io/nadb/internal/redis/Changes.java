package io.nadb.internal.redis;

import io.nadb.SetOptions;
import io.nadb.internal.number.DecimalText;
import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.Change;
import io.nadb.spi.Change.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sends changes that depend on the entry that is there: a script each, which looks and changes
 * without anybody in between. Like any write, it is not sent again if it may have been done.
 */
final class Changes {
  private static final byte[] EQUAL = Keyspace.utf8("equal");
  private static final byte[] RANGE = Keyspace.utf8("range");

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final ServerClock clock;

  Changes(Dispatcher dispatcher, Keyspace keyspace, ServerClock clock) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.clock = clock;
  }

  /** Makes a change, in one round trip. */
  Outcome make(String namespace, String key, Change change) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    Object reply = dispatcher.run(request(partition, name, change), name, Access.WRITE);
    return outcome(key, change, reply);
  }

  /** What makes a change of an entry. */
  Request request(Partition partition, byte[] name, Change change) {
    if (change instanceof Change.Put put) {
      return put(partition, name, put);
    }
    if (change instanceof Change.Remove remove) {
      return remove(partition, name, remove);
    }
    if (change instanceof Change.Add add) {
      return add(partition, name, add);
    }
    return touch(partition, name, (Change.Touch) change);
  }

  /**
   * What came of it.
   *
   * @param reply the answer, which is no error
   */
  static Outcome outcome(String key, Change change, @Nullable Object reply) {
    if (change instanceof Change.Add add) {
      return sum(key, add.delta(), reply);
    }
    return change instanceof Change.Touch ? touched(reply) : outcome(reply);
  }

  private Request put(Partition partition, byte[] name, Change.Put put) {
    SetOptions options = put.options();
    boolean expires = options.ttl().isPresent();
    List<byte[]> keys =
        dispatcher.slotsMove()
            ? Writes.created(
                partition,
                name,
                options.tags(),
                expires || (options.keepsTtl() && !options.keepsTags()))
            : List.of(name);
    return Request.script(
        partition,
        Script.SET_IF,
        keys,
        clock.given(),
        put.value(),
        Writes.number(put.value().length),
        Keyspace.utf8(TagJson.write(options.tags())),
        options.ttl().map(this::left).orElse(Writes.NONE),
        Writes.NONE,
        Writes.NONE,
        Writes.NONE,
        options.keepsTags() ? Writes.YES : Writes.NO,
        options.keepsTtl() ? Writes.YES : Writes.NO,
        Writes.NONE,
        name(put.condition()),
        put.wantsBefore() ? Writes.YES : Writes.NO,
        expected(put.condition()));
  }

  private Request remove(Partition partition, byte[] name, Change.Remove remove) {
    return Request.script(
        partition,
        Script.DELETE_IF,
        List.of(name),
        clock.given(),
        name(remove.condition()),
        remove.wantsBefore() ? Writes.YES : Writes.NO,
        expected(remove.condition()));
  }

  private Request add(Partition partition, byte[] name, Change.Add add) {
    return Request.script(
        partition, Script.ADD, List.of(name), clock.given(), DecimalText.format(add.delta()));
  }

  private Request touch(Partition partition, byte[] name, Change.Touch touch) {
    List<byte[]> keys = new ArrayList<>(List.of(name));
    if (dispatcher.slotsMove()) {
      keys.add(partition.expiries());
    }
    return Request.script(partition, Script.TOUCH, keys, clock.given(), left(touch.ttl()));
  }

  /** What a script is to call a condition. */
  private static byte[] name(Change.Condition condition) {
    return condition instanceof Change.Presence presence
        ? Keyspace.utf8(presence.name().toLowerCase(Locale.ROOT))
        : EQUAL;
  }

  private static byte[] expected(Change.Condition condition) {
    return condition instanceof Change.Equal equal ? equal.value() : Writes.NONE;
  }

  /** How many milliseconds there are to live, the one that has begun included. */
  private byte[] left(Duration ttl) {
    Instant now = clock.instant();
    long millis = now.plus(ttl).plusNanos(999_999).toEpochMilli() - now.toEpochMilli();
    return Writes.number(Math.min(millis, Writes.LONGEST_MILLIS));
  }

  private static Outcome outcome(@Nullable Object reply) {
    List<?> list = Replies.list(reply);
    if (Replies.number(list.get(0)) == 0) {
      return Outcome.NONE;
    }
    return new Outcome(true, list.get(1) == null ? null : Replies.bytes(list.get(1)), 0);
  }

  private static Outcome sum(String key, long delta, @Nullable Object reply) {
    if (!(reply instanceof List<?> refusal)) {
      return new Outcome(true, null, number(reply));
    }
    if (Arrays.equals(Replies.bytes(refusal.get(0)), RANGE)) {
      throw DecimalText.overflow(key, number(refusal.get(1)), delta);
    }
    throw DecimalText.notANumber(key, Replies.number(refusal.get(1)));
  }

  private static long number(@Nullable Object text) {
    return Long.parseLong(Keyspace.text(Replies.bytes(text)));
  }

  private static Outcome touched(@Nullable Object reply) {
    return Replies.number(reply) == 1 ? new Outcome(true, null, 0) : Outcome.NONE;
  }
}
