package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
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

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Replies replies;

  Entries(Dispatcher dispatcher, Keyspace keyspace) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.replies = new Replies(dispatcher.failures());
  }

  /** Returns a value, or null if there is no entry or it has expired. */
  byte @Nullable [] value(String namespace, String key, LongSupplier now) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    while (true) {
      List<?> fields = fields(partition, name, VALUE, EXPIRES, CREATED);
      if (fields != null && fields.get(0) instanceof byte[] value && fields.get(2) != null) {
        long expiresAt = replies.expiresAt(name, fields.get(1));
        return expiresAt != Write.NEVER && expiresAt <= now.getAsLong() ? null : value;
      }
      if (fields == null) {
        return null;
      }
      refuseIfForeign(partition, name);
    }
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
        return replies.entry(name, utf8, fields, 0);
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
      throw dispatcher.failures().corrupt(name, "it is no entry", null);
    }
  }

  /** Returns those entries of a partition that exist. */
  List<StoredEntry> read(Partition partition, Collection<byte[]> keys) {
    List<Request> requests = new ArrayList<>();
    for (byte[] key : keys) {
      requests.add(
          Request.command(
              partition.slot(),
              Command.HMGET,
              partition.entry(key),
              CREATED,
              UPDATED,
              EXPIRES,
              TAGS,
              SIZE));
    }
    List<@Nullable Object> answers =
        requests.isEmpty() ? List.of() : dispatcher.askAll(requests, Access.READ);
    List<StoredEntry> entries = new ArrayList<>();
    int at = 0;
    for (byte[] key : keys) {
      byte[] name = partition.entry(key);
      List<?> fields = Replies.list(dispatcher.checked(answers.get(at), name));
      if (fields.get(0) != null) {
        entries.add(replies.entry(name, key, fields, 0));
      } else {
        refuseIfForeign(partition, name);
      }
      at++;
    }
    return entries;
  }
}
