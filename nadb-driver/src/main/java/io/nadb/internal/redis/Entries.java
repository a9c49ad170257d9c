package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.Commit;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Reads entries by their keys, in one round trip. */
final class Entries {
  private static final byte[] CREATED = {'c'};
  private static final byte[] UPDATED = {'u'};
  private static final byte[] EXPIRES = {'x'};
  private static final byte[] TAGS = {'t'};
  private static final byte[] SIZE = {'s'};

  /** A round trip with more values may take longer than a call has time. */
  static final int MAX_VALUES_AT_ONCE = 256;

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

  /** Returns a value, or null if there is no entry or it has expired. */
  byte @Nullable [] value(String namespace, String key) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    return alive(name, whole(partition, name));
  }

  private byte @Nullable [] alive(byte[] name, @Nullable Whole entry) {
    return entry == null || clock.hides(replies.expiresAt(name, entry.expires))
        ? null
        : entry.value;
  }

  /** Returns the values of those of the keys that exist, in their order. */
  Map<String, byte[]> values(String namespace, Collection<String> keys) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    List<String> all = List.copyOf(keys);
    for (int from = 0; from < all.size(); from += MAX_VALUES_AT_ONCE) {
      List<String> some = all.subList(from, Math.min(from + MAX_VALUES_AT_ONCE, all.size()));
      List<byte[]> names = new ArrayList<>();
      List<Request> requests = new ArrayList<>();
      for (String key : some) {
        byte[] utf8 = Keyspace.utf8(key);
        Partition partition = keyspace.partition(namespace, utf8);
        names.add(partition.entry(utf8));
        requests.add(askAll(partition, partition.entry(utf8)));
      }
      List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ);
      for (int i = 0; i < some.size(); i++) {
        byte[] name = names.get(i);
        byte[] value = alive(name, whole(name, dispatcher.checked(answers.get(i), name)));
        if (value != null) {
          values.put(some.get(i), value);
        }
      }
    }
    return values;
  }

  /** Returns those of the entries that exist, each as of one moment, in the order of the keys. */
  List<StoredValue> valuesAndEntries(String namespace, Collection<String> keys) {
    List<byte[]> all = keys.stream().map(Keyspace::utf8).toList();
    List<Request> requests = new ArrayList<>();
    for (byte[] key : all) {
      Partition partition = keyspace.partition(namespace, key);
      requests.add(Request.command(partition.slot(), Command.HGETALL, partition.entry(key)));
    }
    List<@Nullable Object> answers =
        requests.isEmpty() ? List.of() : dispatcher.askAll(requests, Access.READ);
    List<StoredValue> found = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      byte[] key = all.get(i);
      byte[] name = keyspace.partition(namespace, key).entry(key);
      StoredValue stored = answered(name, key, answers.get(i));
      if (stored != null && isAlive(stored.entry())) {
        found.add(stored);
      }
    }
    return found;
  }

  /** Returns an entry with its value, as of one moment; null if there is none. */
  @Nullable StoredValue valueAndEntry(String namespace, String key) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    Whole whole = whole(partition, name);
    if (whole == null) {
      return null;
    }
    StoredEntry entry = replies.entry(name, utf8, whole.metadata());
    return isAlive(entry) ? new StoredValue(entry, whole.value) : null;
  }

  /** Everything about an entry, as a part of a pipeline. */
  static Request askAll(Partition partition, byte[] name) {
    return Request.command(partition.slot(), Command.HGETALL, name);
  }

  /** Whether there is anything, as a part of a pipeline. */
  static Request askWhether(Partition partition, byte[] name) {
    return Request.command(partition.slot(), Command.EXISTS, name);
  }

  /** A value, as {@link #askAll} has answered; null if there is none alive. */
  byte @Nullable [] answeredValue(byte[] name, @Nullable Object answer) {
    return alive(name, whole(name, dispatcher.checked(answer, name)));
  }

  /** An entry with its value, alive or not, as {@code HGETALL} has answered; null if none. */
  @Nullable StoredValue answered(byte[] name, byte[] key, @Nullable Object answer) {
    Whole whole = whole(name, dispatcher.checked(answer, name));
    return whole == null
        ? null
        : new StoredValue(replies.entry(name, key, whole.metadata()), whole.value);
  }

  /** Reads an entry for a transaction, with its version, as {@code commit.lua} compares it. */
  Commit.Seen look(Commit.Name of, boolean withValue) {
    byte[] utf8 = Keyspace.utf8(of.key());
    Partition partition = keyspace.partition(of.namespace(), utf8);
    byte[] name = partition.entry(utf8);
    byte[] value = Writes.NONE;
    List<?> fields = null;
    if (withValue) {
      Whole whole = whole(partition, name);
      if (whole != null) {
        fields = whole.metadata();
        value = whole.value;
      }
    } else {
      fields = metadata(partition, name);
    }
    StoredEntry entry = fields == null ? null : replies.entry(name, utf8, fields);
    return fields == null || entry == null || !isAlive(entry)
        ? new Commit.Seen(null, Writes.NONE, Commit.Version.ABSENT)
        : new Commit.Seen(
            entry,
            value,
            new Commit.Version(version(fields), withValue ? Digests.sha1(value) : ""));
  }

  private static String version(List<?> fields) {
    StringBuilder version = new StringBuilder();
    for (Object field : fields) {
      version.append(field == null ? "" : Keyspace.text(Replies.bytes(field))).append('\n');
    }
    return version.toString();
  }

  /** What Redis has of an entry. */
  private static final class Whole {
    private byte[] value = {};
    private @Nullable Object created;
    private @Nullable Object updated;
    private @Nullable Object expires;
    private @Nullable Object tags;
    private @Nullable Object size;

    /** Keeps the fields that are known; returns whether value and creation time are among them. */
    boolean take(List<?> fields) {
      boolean hasValue = false;
      for (int i = 0; i < fields.size(); i += 2) {
        byte[] field = Replies.bytes(fields.get(i));
        Object content = fields.get(i + 1);
        switch (field.length == 1 ? field[0] : 0) {
          case 'v' -> {
            value = Replies.bytes(content);
            hasValue = true;
          }
          case 'c' -> created = content;
          case 'u' -> updated = content;
          case 'x' -> expires = content;
          case 't' -> tags = content;
          case 's' -> size = content;
          default -> {} // Of somebody else.
        }
      }
      return hasValue && created != null;
    }

    /** The fields that tell of an entry, in the order in which {@link Replies} takes them. */
    List<@Nullable Object> metadata() {
      return Arrays.asList(created, updated, expires, tags, size);
    }
  }

  /**
   * Asks for all fields, which costs less than a second question whether there is anything at all,
   * if one of them is missing.
   */
  private @Nullable Whole whole(Partition partition, byte[] name) {
    return whole(name, dispatcher.run(askAll(partition, name), name, Access.READ));
  }

  private @Nullable Whole whole(byte[] name, @Nullable Object reply) {
    List<?> fields = Replies.list(reply);
    if (fields.isEmpty()) {
      return null;
    }
    Whole whole = new Whole();
    if (!whole.take(fields)) {
      throw dispatcher.failures().corrupt(name, NO_ENTRY, null);
    }
    return whole;
  }

  /** Returns what is known of an entry, or null if there is none. */
  @Nullable StoredEntry entry(String namespace, String key) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    List<?> fields = metadata(partition, name);
    StoredEntry entry = fields == null ? null : replies.entry(name, utf8, fields);
    return entry != null && isAlive(entry) ? entry : null;
  }

  /** The fields that tell of an entry, alive or not; null if there is none. */
  private @Nullable List<?> metadata(Partition partition, byte[] name) {
    while (true) {
      List<?> fields = fields(partition, name, CREATED, UPDATED, EXPIRES, TAGS, SIZE);
      if (fields == null || fields.get(0) != null) {
        return fields;
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
                askWhether(partition, name)),
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
