package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.KeyOrder;
import io.nadb.spi.StoredEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Finds entries by their tags: all partitions in one pipeline, page by page. */
final class Queries {
  /** How many members of an index a script looks at, so that it never holds up the server long. */
  static final int PAGE = 1000;

  private static final byte[] ALL = Keyspace.utf8("all");
  private static final byte[] FIRST = Keyspace.utf8("first");

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Entries entries;
  private final Replies replies;

  Queries(Dispatcher dispatcher, Keyspace keyspace, Entries entries) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.entries = entries;
    this.replies = new Replies(dispatcher.failures());
  }

  /** A walk through the index of one partition. */
  private static final class Walk {
    private final Partition partition;
    private final List<byte[]> tags;
    private final boolean onlyFirst;
    private final byte[] after;

    Walk(Partition partition, List<byte[]> tags, boolean onlyFirst, byte[] after) {
      this.partition = partition;
      this.tags = tags;
      this.onlyFirst = onlyFirst;
      this.after = after;
    }

    Request request() {
      byte[][] arguments = new byte[3 + tags.size()][];
      arguments[0] = Keyspace.utf8(Integer.toString(PAGE));
      arguments[1] = after;
      arguments[2] = onlyFirst ? FIRST : ALL;
      List<byte[]> indexes = new ArrayList<>();
      for (int i = 0; i < tags.size(); i++) {
        arguments[3 + i] = tags.get(i);
        indexes.add(partition.index(tags.get(i)));
      }
      return Request.script(partition, Script.FIND, indexes, arguments);
    }

    Walk from(byte[] key) {
      return new Walk(partition, tags, onlyFirst, key);
    }
  }

  /** Returns the entries that have all of the tags, in key order. */
  List<StoredEntry> tagged(String namespace, Set<String> tags) {
    List<byte[]> wanted = tags.stream().map(Keyspace::utf8).toList();
    List<Walk> walks = new ArrayList<>();
    for (Partition partition : keyspace.partitions(namespace)) {
      walks.add(new Walk(partition, wanted, false, new byte[0]));
    }
    Map<String, StoredEntry> hits = new TreeMap<>(KeyOrder.INSTANCE);
    walk(walks, entry -> entry.tags().containsAll(tags), entry -> hits.put(entry.key(), entry));
    return new ArrayList<>(hits.values());
  }

  /** Gives each entry that has a tag to {@code each}, once: when its first tag's turn comes. */
  void eachTagged(String namespace, Consumer<StoredEntry> each) {
    List<Walk> walks = new ArrayList<>();
    Map<Partition, List<byte[]>> names = tagNames(namespace);
    names.forEach(
        (partition, tags) ->
            tags.forEach(tag -> walks.add(new Walk(partition, List.of(tag), true, new byte[0]))));
    Set<String> seen = new HashSet<>();
    walk(
        walks,
        entry -> !entry.tags().isEmpty(),
        entry -> {
          if (seen.add(entry.key())) {
            each.accept(entry);
          }
        });
  }

  /** Removes from the indexes what no entry justifies. */
  void tidy(String namespace) {
    eachTagged(namespace, entry -> {});
  }

  private Map<Partition, List<byte[]>> tagNames(String namespace) {
    List<Partition> partitions = keyspace.partitions(namespace);
    List<Request> requests = new ArrayList<>();
    for (Partition partition : partitions) {
      requests.add(Request.command(partition.slot(), Command.SMEMBERS, partition.tags()));
    }
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ);
    Map<Partition, List<byte[]>> names = new LinkedHashMap<>();
    for (int i = 0; i < partitions.size(); i++) {
      Partition partition = partitions.get(i);
      List<byte[]> tags = new ArrayList<>();
      for (Object tag : Replies.list(dispatcher.checked(answers.get(i), partition.tags()))) {
        tags.add(Replies.bytes(tag));
      }
      names.put(partition, tags);
    }
    return names;
  }

  private void walk(List<Walk> first, Predicate<StoredEntry> wanted, Consumer<StoredEntry> each) {
    List<Walk> walks = first;
    while (!walks.isEmpty()) {
      List<Walk> next = new ArrayList<>();
      for (int from = 0; from < walks.size(); from += PAGE) {
        List<Walk> some = walks.subList(from, Math.min(from + PAGE, walks.size()));
        next.addAll(step(some, wanted, each));
      }
      walks = next;
    }
  }

  private List<Walk> step(
      List<Walk> walks, Predicate<StoredEntry> wanted, Consumer<StoredEntry> each) {
    List<@Nullable Object> answers =
        dispatcher.askAll(walks.stream().map(Walk::request).toList(), Access.READ);
    List<Walk> next = new ArrayList<>();
    for (int i = 0; i < walks.size(); i++) {
      Walk walk = walks.get(i);
      byte[] index = walk.partition.index(walk.tags.get(0));
      List<?> found = Replies.list(dispatcher.result(answers.get(i), index));
      Collection<byte[]> elsewhere = new ArrayList<>();
      for (int at = 1; at < found.size(); at += 6) {
        byte[] key = Replies.bytes(found.get(at));
        if (Replies.bytes(found.get(at + 1)).length == 0) {
          elsewhere.add(key);
        } else {
          byte[] name = walk.partition.entry(key);
          each.accept(replies.entry(name, key, found, at + 1));
        }
      }
      for (StoredEntry entry : entries.read(walk.partition, elsewhere)) {
        if (wanted.test(entry)) {
          each.accept(entry);
        }
      }
      byte[] after = Replies.bytes(found.get(0));
      if (after.length > 0) {
        next.add(walk.from(after));
      }
    }
    return next;
  }
}
