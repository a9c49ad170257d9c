package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.StoredEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Reads entries by their keys, in one round trip. */
final class Entries {
  private static final byte[] VALUE = {'v'};
  private static final byte[] CREATED = {'c'};
  private static final byte[] UPDATED = {'u'};
  private static final byte[] EXPIRES = {'x'};
  private static final byte[] TAGS = {'t'};
  private static final byte[] SIZE = {'s'};

  private static final String NO_ENTRY = "it is no entry";

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final ServerClock clock;
  private final Replies replies;

  Entries(Dispatcher dispatcher, Keyspace keyspace, ServerClock clock) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.clock = clock;
    this.replies = new Replies(dispatcher.failures());
  }

  /**
   * Returns a value, or null if there is no entry or it has expired. All fields are asked for,
   * which costs less than a second question whether there is anything at all, if one of them is
   * missing.
   */
  byte @Nullable [] value(String namespace, String key) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    Request all = Request.command(partition.slot(), Command.HGETALL, name);
    List<?> fields = Replies.list(dispatcher.run(all, name, Access.READ));
    Object value = null;
    Object created = null;
    Object expires = null;
    for (int i = 0; i < fields.size(); i += 2) {
      byte[] field = Replies.bytes(fields.get(i));
      if (Arrays.equals(field, VALUE)) {
        value = fields.get(i + 1);
      } else if (Arrays.equals(field, CREATED)) {
        created = fields.get(i + 1);
      } else if (Arrays.equals(field, EXPIRES)) {
        expires = fields.get(i + 1);
      }
    }
    if (fields.isEmpty()) {
      return null;
    }
    if (!(value instanceof byte[] bytes) || created == null) {
      throw dispatcher.failures().corrupt(name, NO_ENTRY, null);
    }
    return clock.hides(replies.expiresAt(name, expires)) ? null : bytes;
  }

  /** Returns what is known of an entry, or null if there is none. */
  @Nullable StoredEntry entry(String namespace, String key) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    while (true) {
      List<?> fields = fields(partition, name, CREATED, UPDATED, EXPIRES, TAGS, SIZE);
      if (fields == null) {
        return null;
      }
      if (fields.get(0) != null) {
        StoredEntry entry = replies.entry(name, utf8, fields);
        return isAlive(entry) ? entry : null;
      }
      refuseIfForeign(partition, name);
    }
  }

  /**
   * Returns fields of a key, null if it does not exist. If none of the fields does, the key holds
   * something else, or came into being between the two questions of this one round trip.
   */
  private @Nullable List<?> fields(Partition partition, byte[] name, byte[]... fields) {
    byte[][] arguments = new byte[fields.length + 1][];
    arguments[0] = name;
    System.arraycopy(fields, 0, arguments, 1, fields.length);
    List<@Nullable Object> answers =
        dispatcher.askAll(
            List.of(
                Request.command(partition.slot(), Command.HMGET, arguments),
                Request.command(partition.slot(), Command.EXISTS, name)),
            Access.READ);
    List<?> found = Replies.list(dispatcher.checked(answers.get(0), name));
    if (found.get(0) != null || Replies.number(dispatcher.checked(answers.get(1), name)) == 1) {
      return found;
    }
    return null;
  }

  private void refuseIfForeign(Partition partition, byte[] name) {
    Request check = Request.script(partition, Script.CHECK, List.of(name));
    if (Replies.number(dispatcher.run(check, name, Access.READ)) == 1) {
      throw dispatcher.failures().corrupt(name, NO_ENTRY, null);
    }
  }

  /** Whether an entry that Redis has is one for everybody. */
  boolean isAlive(StoredEntry entry) {
    return !clock.hides(entry.expiresAt());
  }

  /** Returns those entries of a partition that exist. */
  List<StoredEntry> read(Partition partition, Collection<byte[]> keys) {
    List<Request> requests = keys.stream().map(key -> ask(partition, key)).toList();
    List<@Nullable Object> answers =
        requests.isEmpty() ? List.of() : dispatcher.askAll(requests, Access.READ);
    List<StoredEntry> entries = new ArrayList<>();
    int at = 0;
    for (byte[] key : keys) {
      StoredEntry entry = answered(partition, key, answers.get(at));
      if (entry == null) {
        refuseIfForeign(partition, partition.entry(key));
      } else if (isAlive(entry)) {
        entries.add(entry);
      }
      at++;
    }
    return entries;
  }

  /** What is known of an entry, as a part of a pipeline. */
  Request ask(Partition partition, byte[] key) {
    return Request.command(
        partition.slot(),
        Command.HMGET,
        partition.entry(key),
        CREATED,
        UPDATED,
        EXPIRES,
        TAGS,
        SIZE);
  }

  /** What {@link #ask} was answered, alive or not; null if there is no entry. */
  @Nullable StoredEntry answered(Partition partition, byte[] key, @Nullable Object answer) {
    byte[] name = partition.entry(key);
    List<?> fields = Replies.list(dispatcher.checked(answer, name));
    return fields.get(0) == null ? null : replies.entry(name, key, fields);
  }
}
