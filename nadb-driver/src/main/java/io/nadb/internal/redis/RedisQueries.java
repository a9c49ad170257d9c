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
 * found by the tags that it has when it is read, and what turns out to be stale is taken out. If an
 * index may be lost, all entries are looked at, and the indexes are made anew.
 */
final class RedisQueries {
  /** How many members of an index are listed at once, so that the server is never held up long. */
  static final int PAGE = 1000;

  private static final int FIRST_MARK = 0xFE;
  private static final int TIDIED_AT_ONCE = 5;

  /** How many entries are asked for in one pipeline at most. */
  private static final int MAX_ENTRIES = 10_000;

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Entries entries;
  private final Evictions evictions;
  private final Rebuild rebuild;
  private final List<Walk> tidying = new ArrayList<>();

  RedisQueries(
      Dispatcher dispatcher,
      Keyspace keyspace,
      Entries entries,
      Evictions evictions,
      Rebuild rebuild) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.entries = entries;
    this.evictions = evictions;
    this.rebuild = rebuild;
  }

  /** A walk through the shortest of the indexes of tags in one partition, after some key. */
  private record Walk(Partition partition, List<String> tags, String after) {
    Request request(boolean trusting) {
      List<byte[]> utf8 = tags.stream().map(Keyspace::utf8).toList();
      List<byte[]> arguments = new ArrayList<>();
      arguments.add(Keyspace.utf8(after));
      arguments.add(Writes.number(PAGE + 1));
      arguments.add(trusting ? Writes.YES : Writes.NO);
      arguments.addAll(utf8);
      return Request.script(
          partition,
          Script.FIND,
          utf8.stream().map(partition::index).toList(),
          arguments.toArray(new byte[0][]));
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
    Visitor visitor =
        (tag, entry) -> {
          if (entry.tags().containsAll(tags)) {
            hits.add(entry);
          }
        };
    boolean walked = walk(walks, visitor);
    if (!walked) {
      hits.clear();
      rebuild.run(namespace, entry -> visitor.visit("", entry));
    }
    if (walks.size() > 1 || !walked) {
      hits.sort(Comparator.comparing(StoredEntry::key, KeyOrder.INSTANCE));
    }
    return hits;
  }

  /** Gives each entry that has a tag to {@code each}, once: when its first tag's turn comes. */
  void eachTagged(String namespace, Consumer<StoredEntry> each) {
    List<Walk> walks = new ArrayList<>();
    boolean known = addWalks(namespace, walks);
    Set<String> seen = new HashSet<>();
    Visitor visitor =
        (tag, entry) -> {
          if (tag.equals(entry.tags().iterator().next()) && seen.add(entry.key())) {
            each.accept(entry);
          }
        };
    if (!known || !walk(walks, visitor)) {
      rebuild.run(namespace, entry -> visitor.visit(entry.tags().iterator().next(), entry));
    }
  }

  /** Begins to look through all indexes for what no entry justifies any more. */
  void beginToTidy() {
    synchronized (tidying) {
      tidying.clear();
      keyspace.used().forEach(namespace -> addWalks(namespace, tidying));
    }
  }

  /** Goes on with that by some pages; returns whether there is more to do. */
  boolean goOnTidying() {
    synchronized (tidying) {
      List<Walk> some = tidying.subList(0, Math.min(TIDIED_AT_ONCE, tidying.size()));
      List<Walk> next = new ArrayList<>();
      if (!some.isEmpty()) {
        step(List.copyOf(some), next, true, (tag, entry) -> {}); // What is lost, a query notices.
      }
      some.clear();
      tidying.addAll(next);
      return !tidying.isEmpty();
    }
  }

  /** Removes from the indexes what no entry justifies. */
  void tidy(String namespace) {
    eachTagged(namespace, entry -> {});
  }

  /** Adds a walk for each tag; returns false if some may not be known any more. */
  private boolean addWalks(String namespace, List<Walk> walks) {
    List<Partition> partitions = keyspace.partitions(namespace);
    List<Request> requests = new ArrayList<>();
    for (Partition partition : partitions) {
      requests.add(Request.command(partition.slot(), Command.SMEMBERS, partition.tags()));
    }
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ);
    boolean whole = true;
    for (int i = 0; i < partitions.size(); i++) {
      Partition partition = partitions.get(i);
      boolean marked = !evictions.mayHaveTakenIndexes();
      for (Object reply : Replies.list(dispatcher.checked(answers.get(i), partition.tags()))) {
        byte[] tag = Replies.bytes(reply);
        if (tag.length == 0) {
          marked = true;
        } else if (!isMark(tag)) {
          walks.add(new Walk(partition, List.of(Keyspace.text(tag)), ""));
        }
      }
      whole &= marked;
    }
    return whole;
  }

  /** Whether this is no tag, but says how far indexes are that are made anew: no UTF-8. */
  private static boolean isMark(byte[] tag) {
    return (tag[0] & 0xFF) >= FIRST_MARK;
  }

  /** Returns false if an index may be lost; then not all has been visited. */
  private boolean walk(List<Walk> first, Visitor visitor) {
    boolean trusting = !evictions.mayHaveTakenIndexes();
    List<Walk> walks = first;
    while (!walks.isEmpty()) {
      List<Walk> next = new ArrayList<>();
      for (int from = 0; from < walks.size(); from += PAGE) {
        List<Walk> some = walks.subList(from, Math.min(from + PAGE, walks.size()));
        if (!step(some, next, trusting, visitor)) {
          return false;
        }
      }
      walks = next;
    }
    return true;
  }

  /**
   * Visits a page of each index, and adds what is left to walk; false if an index may be lost.
   *
   * @param trusting whether only an index that is known to be lost is meant by that
   */
  private boolean step(List<Walk> walks, List<Walk> next, boolean trusting, Visitor visitor) {
    List<@Nullable Object> answers =
        dispatcher.askAll(walks.stream().map(walk -> walk.request(trusting)).toList(), Access.READ);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < walks.size(); i++) {
      Walk walk = walks.get(i);
      byte[] name = walk.partition.index(Keyspace.utf8(walk.tags.get(0)));
      List<?> found = Replies.list(dispatcher.result(answers.get(i), name));
      if (Replies.number(found.get(0)) < 0) {
        return false;
      }
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
    return true;
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
