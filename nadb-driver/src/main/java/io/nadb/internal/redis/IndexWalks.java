package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.StoredEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Walks through indexes, page by page, several at once, and reads the entries that they lead to. An
 * index is never believed, so an entry counts only if it has the tag when it is read, and what
 * turns out to be stale is taken out.
 */
final class IndexWalks {
  /** How many keys a page has at most, so that the server is never held up long. */
  static final int PAGE = 1000;

  /** How many entries are asked for in one pipeline at most. */
  private static final int MAX_ENTRIES = 10_000;

  private static final int FIRST_MARK = 0xFE;
  private static final String BEGINNING = "-";

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Entries entries;

  IndexWalks(Dispatcher dispatcher, Keyspace keyspace, Entries entries) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.entries = entries;
  }

  /**
   * A walk through the keys of one partition that stand in the indexes of all of some tags.
   *
   * @param from where it goes on, as {@code ZRANGEBYLEX} takes it
   */
  record Walk(Partition partition, List<String> tags, String from) {
    static Walk of(Partition partition, List<String> tags) {
      return new Walk(partition, tags, BEGINNING);
    }

    /** A walk that begins with a key, or after it, if there is none. */
    static Walk from(Partition partition, List<String> tags, String key) {
      return new Walk(partition, tags, key.isEmpty() ? BEGINNING : "[" + key);
    }

    Request request(int most, boolean trusting) {
      List<byte[]> utf8 = tags.stream().map(Keyspace::utf8).toList();
      List<byte[]> arguments = new ArrayList<>();
      arguments.add(Keyspace.utf8(from));
      arguments.add(Writes.number(most));
      arguments.add(trusting ? Writes.YES : Writes.NO);
      arguments.addAll(utf8);
      return Request.script(
          partition,
          Script.FIND,
          utf8.stream().map(partition::index).toList(),
          arguments.toArray(new byte[0][]));
    }
  }

  /**
   * What a step of a walk has found.
   *
   * @param tag the tag whose index has led there
   * @param keys what it has found
   * @param rest the rest of the walk; null at its end
   */
  record Page(Partition partition, String tag, List<byte[]> keys, @Nullable Walk rest) {}

  /** The indexes of some partitions. */
  record Known(List<Walk> walks, boolean whole) {}

  /** An entry that a page has led to. */
  @FunctionalInterface
  interface Visitor {
    void visit(Page page, StoredEntry entry);
  }

  /**
   * Walks through each index of a namespace.
   *
   * @param trusting whether no index may be lost without somebody's doing; else a set of them must
   *     say that it is whole, or the answer does not
   */
  Known known(String namespace, boolean trusting) {
    List<Partition> partitions = keyspace.partitions(namespace);
    List<Request> requests = new ArrayList<>();
    for (Partition partition : partitions) {
      requests.add(Request.command(partition.slot(), Command.SMEMBERS, partition.tags()));
    }
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ);
    List<Walk> walks = new ArrayList<>();
    boolean whole = true;
    for (int i = 0; i < partitions.size(); i++) {
      Partition partition = partitions.get(i);
      boolean marked = trusting;
      for (Object reply : Replies.list(dispatcher.checked(answers.get(i), partition.tags()))) {
        byte[] tag = Replies.bytes(reply);
        if (tag.length == 0) {
          marked = true;
        } else if (!isMark(tag)) {
          walks.add(Walk.of(partition, List.of(Keyspace.text(tag))));
        }
      }
      whole &= marked;
    }
    return new Known(walks, whole);
  }

  /** Whether this is no tag, but says how far indexes are that are made anew: no UTF-8. */
  private static boolean isMark(byte[] tag) {
    return (tag[0] & 0xFF) >= FIRST_MARK;
  }

  /**
   * Takes a step on each walk.
   *
   * @param most how many keys of each
   * @param trusting whether only an index that is known to be lost is meant by null
   * @return a page of each; null if an index may be lost
   */
  @Nullable List<Page> pages(List<Walk> walks, int most, boolean trusting) {
    List<@Nullable Object> answers =
        dispatcher.askAll(
            walks.stream().map(walk -> walk.request(most, trusting)).toList(), Access.READ);
    List<Page> pages = new ArrayList<>();
    for (int i = 0; i < walks.size(); i++) {
      Walk walk = walks.get(i);
      byte[] name = walk.partition.index(Keyspace.utf8(walk.tags.get(0)));
      List<?> answer = Replies.list(dispatcher.result(answers.get(i), name));
      int index = (int) Replies.number(answer.get(0));
      if (index < 0) {
        return null;
      }
      String from = Keyspace.text(Replies.bytes(answer.get(1)));
      pages.add(
          new Page(
              walk.partition,
              walk.tags.get(index - 1),
              Replies.list(answer.get(2)).stream().map(Replies::bytes).toList(),
              from.isEmpty() ? null : new Walk(walk.partition, walk.tags, from)));
    }
    return pages;
  }

  /** A key that stands in the index that a page is of. */
  private static final class Member {
    private final Page page;
    private final byte[] key;

    Member(Page page, byte[] key) {
      this.page = page;
      this.key = key;
    }
  }

  /** An index of one partition. */
  private record Index(Partition partition, String tag) {}

  /** Reads the entries of pages, in the order of the pages and of their keys. */
  void read(Collection<Page> pages, Visitor visitor) {
    List<Member> members = new ArrayList<>();
    for (Page page : pages) {
      for (byte[] key : page.keys) {
        members.add(new Member(page, key));
        if (members.size() == MAX_ENTRIES) {
          readAll(members, visitor);
          members.clear();
        }
      }
    }
    readAll(members, visitor);
  }

  private void readAll(List<Member> members, Visitor visitor) {
    List<@Nullable Object> answers =
        members.isEmpty()
            ? List.of()
            : dispatcher.askAll(
                members.stream()
                    .map(member -> entries.ask(member.page.partition, member.key))
                    .toList(),
                Access.READ);
    Map<Index, List<byte[]>> stale = new LinkedHashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      Page page = members.get(i).page;
      byte[] key = members.get(i).key;
      StoredEntry entry = entries.answered(page.partition, key, answers.get(i));
      if (entry != null && entry.tags().contains(page.tag)) {
        if (entries.isAlive(entry)) {
          visitor.visit(page, entry);
        }
      } else {
        Index index = new Index(page.partition, page.tag);
        stale.computeIfAbsent(index, same -> new ArrayList<>()).add(key);
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
