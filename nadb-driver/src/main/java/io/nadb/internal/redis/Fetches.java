package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Reads entries for somebody who keeps them: with how long the server does, in one round trip. */
final class Fetches {
  /** What {@code PTTL} answers about a key without a time to live. */
  private static final long FOR_EVER = -1;

  /** What it answers about a key that is not there. */
  static final long GONE = -2;

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Entries entries;

  Fetches(Dispatcher dispatcher, Keyspace keyspace, Entries entries) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.entries = entries;
  }

  /**
   * What a key has, and for how long.
   *
   * @param entry the entry, be it one that is hidden; null if there is none
   * @param value its value; null if there is none, or it was not asked for
   * @param leftMillis how long the server keeps it at least; {@link #GONE} if it is not known
   *     whether it still does, and less than 0 besides if it has no end
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Fetched(@Nullable StoredEntry entry, byte @Nullable [] value, long leftMillis) {
    private static final Fetched NOTHING = new Fetched(null, null, FOR_EVER);
  }

  /**
   * Reads entries with their values.
   *
   * @param keys so many that one round trip takes them, see {@link Entries#MAX_VALUES_AT_ONCE}
   * @param answered is told on which connections answers came
   */
  List<Fetched> fetch(String namespace, List<String> keys, Consumer<Line> answered) {
    List<Request> requests = new ArrayList<>();
    for (String key : keys) {
      byte[] utf8 = Keyspace.utf8(key);
      Partition partition = keyspace.partition(namespace, utf8);
      byte[] name = partition.entry(utf8);
      requests.add(Request.command(partition.slot(), Command.HGETALL, name));
      requests.add(Request.command(partition.slot(), Command.PTTL, name));
    }
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ, answered);
    List<Fetched> fetched = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      byte[] utf8 = Keyspace.utf8(keys.get(i));
      byte[] name = keyspace.partition(namespace, utf8).entry(utf8);
      StoredValue stored = entries.answered(name, utf8, answers.get(2 * i));
      fetched.add(
          stored == null
              ? Fetched.NOTHING
              : new Fetched(stored.entry(), stored.value(), left(name, answers.get(2 * i + 1))));
    }
    return fetched;
  }

  /**
   * Reads what is known of an entry without its value.
   *
   * @param answered is told on which connections answers came
   */
  Fetched fetchEntry(String namespace, String key, Consumer<Line> answered) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    List<Request> requests =
        List.of(
            entries.ask(partition, utf8), Request.command(partition.slot(), Command.PTTL, name));
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ, answered);
    StoredEntry entry = entries.answered(partition, utf8, answers.get(0));
    long left = left(name, answers.get(1));
    if (entry != null) {
      return new Fetched(entry, null, left);
    }
    // What is there without being an entry is refused by the usual way of asking.
    return left == GONE ? Fetched.NOTHING : new Fetched(entries.entry(namespace, key), null, GONE);
  }

  private long left(byte[] name, @Nullable Object answer) {
    return Replies.number(dispatcher.checked(answer, name));
  }
}
