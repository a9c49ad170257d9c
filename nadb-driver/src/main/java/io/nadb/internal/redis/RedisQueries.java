package io.nadb.internal.redis;

import io.nadb.KeyOrder;
import io.nadb.internal.redis.IndexWalks.Known;
import io.nadb.internal.redis.IndexWalks.Page;
import io.nadb.internal.redis.IndexWalks.Visitor;
import io.nadb.internal.redis.IndexWalks.Walk;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.BackendView;
import io.nadb.spi.SearchTrace;
import io.nadb.spi.Selection;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds entries by their tags: page by page of what the indexes have in common, of all partitions
 * at once, and for each page one pipeline that asks for the entries. If an index may be lost, all
 * entries are looked at, and the indexes are made anew.
 */
final class RedisQueries {
  private static final int TIDIED_AT_ONCE = 5;

  private static final Comparator<StoredEntry> KEY_ORDER =
      Comparator.comparing(StoredEntry::key, KeyOrder.INSTANCE);

  private final Keyspace keyspace;
  private final IndexWalks indexes;
  private final TagCounts counts;
  private final Expiries expiries;
  private final Evictions evictions;
  private final Rebuild rebuild;
  private final List<Walk> tidying = new ArrayList<>();

  RedisQueries(
      Keyspace keyspace,
      IndexWalks indexes,
      TagCounts counts,
      Expiries expiries,
      Evictions evictions,
      Rebuild rebuild) {
    this.keyspace = keyspace;
    this.indexes = indexes;
    this.counts = counts;
    this.expiries = expiries;
    this.evictions = evictions;
    this.rebuild = rebuild;
  }

  /** Whether no index can be lost without somebody's doing. */
  private boolean trusting() {
    return !evictions.mayHaveTakenIndexes();
  }

  /** Returns the entries that have all of the tags, in key order. */
  List<StoredEntry> tagged(String namespace, Set<String> tags) {
    List<Walk> walks = new ArrayList<>();
    for (Partition partition : keyspace.partitions(namespace)) {
      walks.add(Walk.of(partition, List.copyOf(tags)));
    }
    List<StoredEntry> hits = new ArrayList<>();
    Consumer<StoredEntry> choose =
        entry -> {
          if (entry.tags().containsAll(tags)) {
            hits.add(entry);
          }
        };
    boolean walked = walk(walks, (page, entry) -> choose.accept(entry));
    if (!walked) {
      hits.clear();
      rebuild.run(namespace, choose);
    }
    if (walks.size() > 1 || !walked) {
      hits.sort(KEY_ORDER);
    }
    return hits;
  }

  /**
   * Shows a visitor, in key order, the entries of a selection, until it has had enough.
   *
   * @param tags some that each of them must have
   */
  void show(
      String namespace,
      Selection selection,
      Set<String> tags,
      BackendView.Visitor visitor,
      SearchTrace trace)
      throws IOException {
    String prefix = selection.prefix();
    String from =
        KeyOrder.INSTANCE.compare(prefix, selection.from()) > 0 ? prefix : selection.from();
    List<Walk> walks = new ArrayList<>();
    for (Partition partition : keyspace.partitions(namespace)) {
      walks.add(Walk.from(partition, List.copyOf(tags), from));
    }
    OrderedWalk walk = new OrderedWalk(indexes, walks, trusting());
    long read = 0;
    String last = "";
    boolean enough = false;
    StoredEntry next = walk.next();
    while (next != null && !enough) {
      read++;
      trace.read(1);
      last = next.key();
      enough = isPast(selection, last) || (selection.includes(next) && !visitor.visit(next));
      next = enough ? null : walk.next();
    }
    if (walk.isLost()) {
      long rest = showAll(namespace, selection, last, visitor);
      trace.read(rest);
      read += rest;
    }
    for (String tag : tags) {
      trace.uses("tag '" + tag + "'", read);
    }
  }

  /** Whether what comes after a key can't be in a selection. */
  private static boolean isPast(Selection selection, String key) {
    String to = selection.to();
    return (to != null && KeyOrder.INSTANCE.compare(key, to) >= 0)
        || (!key.startsWith(selection.prefix())
            && KeyOrder.INSTANCE.compare(key, selection.prefix()) > 0);
  }

  /** Goes through all entries instead; returns how many have been read. */
  private long showAll(
      String namespace, Selection selection, String after, BackendView.Visitor visitor)
      throws IOException {
    List<StoredEntry> found = new ArrayList<>();
    long[] read = new long[1];
    rebuild.run(
        namespace,
        entry -> {
          read[0]++;
          if (selection.includes(entry) && KeyOrder.INSTANCE.compare(entry.key(), after) > 0) {
            found.add(entry);
          }
        });
    found.sort(KEY_ORDER);
    for (StoredEntry entry : found) {
      if (!visitor.visit(entry)) {
        break;
      }
    }
    return read[0];
  }

  /**
   * Counts how many entries have each tag, without a look at them; empty if that might be wrong,
   * since something may have gone by itself that was there when its time was not over.
   */
  Optional<Map<String, Long>> counts(String namespace) {
    if (!trusting() || !evictions.policy().isEmpty() || !expiries.settle(namespace)) {
      return Optional.empty();
    }
    List<TagCounts.Count> found = counts.of(namespace, false);
    if (found == null) {
      return Optional.empty();
    }
    Map<String, Long> sums = new HashMap<>();
    found.forEach(count -> sums.merge(count.tag(), count.keys(), Long::sum));
    return Optional.of(sums);
  }

  /** Gives each entry that has a tag to {@code each}, once: when its first tag's turn comes. */
  void eachTagged(String namespace, Consumer<StoredEntry> each) {
    Known known = indexes.known(namespace, trusting());
    Set<String> seen = new HashSet<>();
    Visitor visitor =
        (page, entry) -> {
          if (page.tag().equals(entry.tags().iterator().next()) && seen.add(entry.key())) {
            each.accept(entry);
          }
        };
    if (!known.whole() || !walk(known.walks(), visitor)) {
      rebuild.run(
          namespace,
          entry -> {
            if (seen.add(entry.key())) {
              each.accept(entry);
            }
          });
    }
  }

  /** Begins to look through all indexes for what no entry justifies any more. */
  void beginToTidy() {
    synchronized (tidying) {
      tidying.clear();
      for (String namespace : keyspace.used()) {
        tidying.addAll(indexes.known(namespace, true).walks());
      }
    }
  }

  /** Goes on with that by some pages; returns whether there is more to do. */
  boolean goOnTidying() {
    synchronized (tidying) {
      List<Walk> some = tidying.subList(0, Math.min(TIDIED_AT_ONCE, tidying.size()));
      List<Walk> next = new ArrayList<>();
      if (!some.isEmpty()) {
        step(List.copyOf(some), next, true, (page, entry) -> {}); // A query notices what is lost.
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

  /** Returns false if an index may be lost; then not all has been visited. */
  private boolean walk(List<Walk> first, Visitor visitor) {
    boolean trusting = trusting();
    List<Walk> walks = first;
    while (!walks.isEmpty()) {
      List<Walk> next = new ArrayList<>();
      for (int from = 0; from < walks.size(); from += IndexWalks.PAGE) {
        List<Walk> some = walks.subList(from, Math.min(from + IndexWalks.PAGE, walks.size()));
        if (!step(some, next, trusting, visitor)) {
          return false;
        }
      }
      walks = next;
    }
    return true;
  }

  /** Visits a page of each walk, and adds what is left; false if an index may be lost. */
  private boolean step(List<Walk> walks, List<Walk> next, boolean trusting, Visitor visitor) {
    List<Page> pages = indexes.pages(walks, IndexWalks.PAGE, trusting);
    if (pages == null) {
      return false;
    }
    indexes.read(pages, visitor);
    for (Page page : pages) {
      Walk rest = page.rest();
      if (rest != null) {
        next.add(rest);
      }
    }
    return true;
  }
}
