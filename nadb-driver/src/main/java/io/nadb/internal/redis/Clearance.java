package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.IndexWalks.Page;
import io.nadb.internal.redis.IndexWalks.Walk;
import io.nadb.internal.redis.Keyspace.Partition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Removes all entries of a namespace: at first the entries, those of large indexes in the order in
 * which memory has them, most likely, and then what stands of them in indexes, a part at a time. So
 * each of the server's steps is short, and all of them take a fraction of the time that it takes to
 * remove one entry after the other.
 *
 * <p>While that goes on, a mark says that indexes have members without entries: no query believes
 * them, but nobody must count them. If it does not come to its end, the mark stays until the
 * namespace is cleared again.
 */
final class Clearance {
  private static final byte[] MARK = {(byte) 0xFE, 'c', 'l', 'e', 'a', 'r'};

  /** Fewer are found as fast by going through all keys. */
  private static final int LARGE = 1000;

  private static final int MAX_UNLINKED = 500;
  private static final int MAX_FORGOTTEN = 200;

  /** So many indexes are gone through together, since most are short. */
  private static final int MAX_SWEPT = 20;

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final IndexWalks indexes;
  private final TagCounts counts;
  private final Listing listing;

  Clearance(
      Dispatcher dispatcher,
      Keyspace keyspace,
      IndexWalks indexes,
      TagCounts counts,
      Listing listing) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.indexes = indexes;
    this.counts = counts;
    this.listing = listing;
  }

  /**
   * Removes all, if all indexes are known.
   *
   * @return how many entries there were; empty if an index may be lost, and nothing was done
   */
  OptionalLong run(String namespace) {
    List<TagCounts.Count> found = counts.of(namespace, true);
    if (found == null) {
      return OptionalLong.empty();
    }
    mark(namespace, Command.SADD);
    long removed = 0;
    List<TagCounts.Count> large = new ArrayList<>(found);
    large.removeIf(count -> count.keys() < LARGE);
    large.sort(Comparator.comparingLong(TagCounts.Count::keys).reversed());
    for (TagCounts.Count count : large) {
      if (removed > 0) { // Most of its entries are gone already.
        sweep(List.of(new Sweep(count.partition(), count.partition().index(utf8(count)))), false);
      }
      removed += removeAll(Walk.of(count.partition(), List.of(count.tag())));
    }
    long[] rest = new long[1];
    listing.scan(
        namespace,
        "",
        keys -> keys.forEach((partition, some) -> rest[0] += remove(partition, some)));
    if (sweepAll(namespace)) {
      mark(namespace, Command.SREM);
    }
    return OptionalLong.of(removed + rest[0]);
  }

  private static byte[] utf8(TagCounts.Count count) {
    return Keyspace.utf8(count.tag());
  }

  private void mark(String namespace, Command command) {
    List<Partition> partitions = keyspace.partitions(namespace);
    List<Request> requests = new ArrayList<>();
    for (Partition partition : partitions) {
      requests.add(Request.command(partition.slot(), command, partition.tags(), MARK));
    }
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.WRITE);
    for (int i = 0; i < answers.size(); i++) {
      dispatcher.checked(answers.get(i), partitions.get(i).tags());
    }
  }

  private long removeAll(Walk first) {
    long removed = 0;
    Walk walk = first;
    while (walk != null) {
      List<Page> pages = indexes.pages(List.of(walk), IndexWalks.PAGE, true);
      walk = null;
      if (pages != null) { // Else somebody else has cleared it.
        Page page = pages.get(0);
        removed += remove(page.partition(), page.keys());
        walk = page.rest();
      }
    }
    return removed;
  }

  /** Removes what there is under the names of entries, whoever has put it there. */
  private long remove(Partition partition, Collection<byte[]> keys) {
    long removed = 0;
    List<byte[]> names = keys.stream().map(partition::entry).toList();
    for (int from = 0; from < names.size(); from += MAX_UNLINKED) {
      List<byte[]> some = names.subList(from, Math.min(from + MAX_UNLINKED, names.size()));
      Object answer = dispatcher.askAll(List.of(unlink(partition, some)), Access.WRITE).get(0);
      if (RedisFailures.isBeingMoved(answer)) {
        removed += removeSingly(partition, some);
      } else {
        removed += Replies.number(dispatcher.checked(answer, some.get(0)));
      }
    }
    return removed;
  }

  private long removeSingly(Partition partition, List<byte[]> names) {
    List<Request> requests = names.stream().map(n -> unlink(partition, List.of(n))).toList();
    long removed = 0;
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.WRITE);
    for (int i = 0; i < answers.size(); i++) {
      removed += Replies.number(dispatcher.checked(answers.get(i), names.get(i)));
    }
    return removed;
  }

  private static Request unlink(Partition partition, List<byte[]> names) {
    return Request.command(partition.slot(), Command.UNLINK, names.toArray(new byte[0][]));
  }

  /** A walk through an index, by rank. */
  private static final class Sweep {
    private final Partition partition;
    private final byte[] index;

    /** How many stay before the place that it has come to. */
    private long passed;

    Sweep(Partition partition, byte[] index) {
      this.partition = partition;
      this.index = index;
    }

    Request request(boolean thorough) {
      return Request.script(
          partition,
          Script.FORGET,
          List.of(index),
          Writes.number(passed),
          Writes.number(MAX_FORGOTTEN),
          thorough ? Writes.YES : Writes.NO);
    }
  }

  /** Takes out of all indexes what has no entries; returns whether it could be seen what has. */
  private boolean sweepAll(String namespace) {
    List<TagCounts.Count> left = counts.of(namespace, true);
    if (left == null) {
      return false;
    }
    List<Sweep> sweeps = new ArrayList<>();
    for (TagCounts.Count count : left) {
      sweeps.add(new Sweep(count.partition(), count.partition().index(utf8(count))));
    }
    for (Partition partition : keyspace.partitions(namespace)) {
      sweeps.add(new Sweep(partition, partition.expiries()));
    }
    boolean whole = true;
    for (int from = 0; from < sweeps.size(); from += MAX_SWEPT) {
      whole &= sweep(sweeps.subList(from, Math.min(from + MAX_SWEPT, sweeps.size())), true);
    }
    return whole;
  }

  private boolean sweep(List<Sweep> sweeps, boolean thorough) {
    boolean whole = true;
    List<Sweep> left = new ArrayList<>(sweeps);
    while (!left.isEmpty()) {
      List<@Nullable Object> answers =
          dispatcher.askAll(
              left.stream().map(sweep -> sweep.request(thorough)).toList(), Access.WRITE);
      List<Sweep> next = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        Sweep sweep = left.get(i);
        List<?> step = Replies.list(dispatcher.result(answers.get(i), sweep.index));
        long looked = Replies.number(step.get(0));
        if (looked < 0) {
          whole = false;
        } else {
          sweep.passed += Replies.number(step.get(1));
          if (looked == MAX_FORGOTTEN) {
            next.add(sweep);
          }
        }
      }
      left = next;
    }
    return whole;
  }
}
