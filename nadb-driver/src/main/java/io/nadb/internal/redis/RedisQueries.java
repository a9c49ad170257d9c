package io.nadb.internal.redis;

import io.nadb.KeyOrder;
import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.StoredEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Finds entries by their tags: page by page of the shortest index, of all partitions at once, and
 * for each page one pipeline that asks for the entries. An index is never believed, so an entry is
 * found by the tags that it has when it is read, and what turns out to be stale is taken out.
 */
final class RedisQueries {
  /** How many members of an index are listed at once, so that the server is never held up long. */
  static final int PAGE = 1000;

  /** How many entries are asked for in one pipeline at most. */
  private static final int MAX_ENTRIES = 10_000;

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Entries entries;

  RedisQueries(Dispatcher dispatcher, Keyspace keyspace, Entries entries) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.entries = entries;
  }

  /** A walk through the shortest of the indexes of tags in one partition, after some key. */
  private record Walk(Partition partition, List<String> tags, String after) {
    Request request() {
      return Request.script(
          partition,
          Script.FIND,
          tags.stream().map(tag -> partition.index(Keyspace.utf8(tag))).toList(),
          Keyspace.utf8(after),
          Writes.number(PAGE + 1));
    }

    Walk from(String key) {
      return new Walk(partition, tags, key);
    }
  }

  /** An index of one partition. */
  private record Index(Partition partition, String tag) {}

  /** A key that stands in an index. */
  private static final class Member {
    private final Index index;
    private final byte[] key;

    Member(Index index, byte[] key) {
      this.index = index;
      this.key = key;
    }

    Request request(Entries entries) {
      return entries.ask(index.partition, key);
    }
  }

  /** An entry that an index led to. */
  @FunctionalInterface
  private interface Visitor {
    void visit(String tag, StoredEntry entry);
  }

  /** Returns the entries that have all of the tags, in key order. */
  List<StoredEntry> tagged(String namespace, Set<String> tags) {
    List<Walk> walks = new ArrayList<>();
    for (Partition partition : keyspace.partitions(namespace)) {
      walks.add(new Walk(partition, List.copyOf(tags), ""));
    }
    List<StoredEntry> hits = new ArrayList<>();
    walk(
        walks,
        (tag, entry) -> {
          if (entry.tags().containsAll(tags)) {
            hits.add(entry);
          }
        });
    if (walks.size() > 1) {
      hits.sort(Comparator.comparing(StoredEntry::key, KeyOrder.INSTANCE));
    }
    return hits;
  }

  /** Gives each entry that has a tag to {@code each}, once: when its first tag's turn comes. */
  void eachTagged(String namespace, Consumer<StoredEntry> each) {
    List<Walk> walks = new ArrayList<>();
    tagNames(namespace)
        .forEach(
            (partition, tags) ->
                tags.forEach(tag -> walks.add(new Walk(partition, List.of(tag), ""))));
    Set<String> seen = new HashSet<>();
    walk(
        walks,
        (tag, entry) -> {
          if (tag.equals(entry.tags().iterator().next()) && seen.add(entry.key())) {
            each.accept(entry);
          }
        });
  }

  /** Removes from the indexes what no entry justifies. */
  void tidy(String namespace) {
    eachTagged(namespace, entry -> {});
  }

  private Map<Partition, List<String>> tagNames(String namespace) {
    List<Partition> partitions = keyspace.partitions(namespace);
    List<Request> requests = new ArrayList<>();
    for (Partition partition : partitions) {
      requests.add(Request.command(partition.slot(), Command.SMEMBERS, partition.tags()));
    }
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ);
    Map<Partition, List<String>> names = new LinkedHashMap<>();
    for (int i = 0; i < partitions.size(); i++) {
      Partition partition = partitions.get(i);
      List<String> tags = new ArrayList<>();
      for (Object tag : Replies.list(dispatcher.checked(answers.get(i), partition.tags()))) {
        tags.add(Keyspace.text(Replies.bytes(tag)));
      }
      names.put(partition, tags);
    }
    return names;
  }

  private void walk(List<Walk> first, Visitor visitor) {
    List<Walk> walks = first;
    while (!walks.isEmpty()) {
      List<Walk> next = new ArrayList<>();
      for (int from = 0; from < walks.size(); from += PAGE) {
        next.addAll(step(walks.subList(from, Math.min(from + PAGE, walks.size())), visitor));
      }
      walks = next;
    }
  }

  /** Visits a page of each index; returns what is left to walk. */
  private List<Walk> step(List<Walk> walks, Visitor visitor) {
    List<@Nullable Object> answers =
        dispatcher.askAll(walks.stream().map(Walk::request).toList(), Access.READ);
    List<Walk> next = new ArrayList<>();
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < walks.size(); i++) {
      Walk walk = walks.get(i);
      byte[] name = walk.partition.index(Keyspace.utf8(walk.tags.get(0)));
      List<?> found = Replies.list(dispatcher.result(answers.get(i), name));
      Index index =
          new Index(walk.partition, walk.tags.get((int) Replies.number(found.get(0)) - 1));
      int last = Math.min(found.size() - 1, PAGE);
      for (Object key : found.subList(1, last + 1)) {
        members.add(new Member(index, Replies.bytes(key)));
        if (members.size() == MAX_ENTRIES) {
          visit(members, visitor);
          members.clear();
        }
      }
      if (found.size() - 1 > PAGE) {
        next.add(walk.from(Keyspace.text(Replies.bytes(found.get(PAGE)))));
      }
    }
    visit(members, visitor);
    return next;
  }

  /** Reads the entries that indexes lead to. */
  private void visit(List<Member> members, Visitor visitor) {
    List<@Nullable Object> answers =
        members.isEmpty()
            ? List.of()
            : dispatcher.askAll(
                members.stream().map(member -> member.request(entries)).toList(), Access.READ);
    Map<Index, List<byte[]>> stale = new LinkedHashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      Member member = members.get(i);
      Index index = member.index;
      StoredEntry entry = entries.answered(index.partition, member.key, answers.get(i));
      if (entry != null && entry.tags().contains(index.tag)) {
        if (entries.isAlive(entry)) {
          visitor.visit(index.tag, entry);
        }
      } else {
        stale.computeIfAbsent(index, same -> new ArrayList<>()).add(member.key);
      }
    }
    stale.forEach(this::takeOut);
  }

  /** Takes keys out of an index, unless their entries have the tag by now. */
  private void takeOut(Index index, List<byte[]> keys) {
    byte[] tag = Keyspace.utf8(index.tag);
    List<byte[]> arguments = new ArrayList<>(List.of(tag));
    arguments.addAll(keys);
    byte[] name = index.partition.index(tag);
    dispatcher.run(
        Request.script(
            index.partition, Script.UNTAG, List.of(name), arguments.toArray(new byte[0][])),
        name,
        Access.READ);
  }
}
