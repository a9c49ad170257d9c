package io.nadb.internal.redis;

import io.nadb.KeyOrder;
import io.nadb.internal.redis.IndexWalks.Page;
import io.nadb.internal.redis.IndexWalks.Walk;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.StoredEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The entries that walks through the partitions of a namespace lead to, one by one in key order. No
 * more of them are in memory than a page of each walk, and a half. For one thread.
 */
final class OrderedWalk {
  /** Who asks for few gets few; pages grow from that. */
  private static final int FIRST_PAGE = 256;

  private final IndexWalks indexes;
  private final boolean trusting;
  private final Map<Partition, Lane> lanes = new LinkedHashMap<>();
  private final PriorityQueue<Lane> ready =
      new PriorityQueue<>(Comparator.comparing(Lane::key, KeyOrder.INSTANCE));
  private int page;
  private boolean lost;

  OrderedWalk(IndexWalks indexes, List<Walk> walks, boolean trusting) {
    this.indexes = indexes;
    this.trusting = trusting;
    this.page = Math.max(1, FIRST_PAGE / walks.size());
    walks.forEach(walk -> lanes.put(walk.partition(), new Lane(walk)));
  }

  /** What a partition has. */
  private static final class Lane {
    private final ArrayDeque<StoredEntry> entries = new ArrayDeque<>();
    private @Nullable Walk rest;

    Lane(Walk walk) {
      this.rest = walk;
    }

    String key() {
      return entries.getFirst().key();
    }

    boolean hasMore() {
      return !entries.isEmpty() || rest != null;
    }
  }

  /** The next entry; null if there is none, or if an index may be lost. */
  @Nullable StoredEntry next() {
    while (!lost && ready.size() < lanes.size()) {
      refill();
    }
    Lane first = lost ? null : ready.poll();
    if (first == null) {
      return null;
    }
    StoredEntry next = first.entries.removeFirst();
    if (!first.entries.isEmpty()) {
      ready.add(first);
    } else if (first.rest == null) {
      lanes.values().remove(first);
    }
    return next;
  }

  /** Whether the walk has come to an end because an index may be lost. */
  boolean isLost() {
    return lost;
  }

  /** Takes a step on each walk of whose page little is left, since they go on at the same pace. */
  private void refill() {
    List<Walk> walks = new ArrayList<>();
    for (Lane lane : lanes.values()) {
      if (lane.rest != null && lane.entries.size() <= page / 2) {
        walks.add(lane.rest);
      }
    }
    List<Page> pages = indexes.pages(walks, page, trusting);
    page = Math.min(2 * page, IndexWalks.PAGE);
    if (pages == null) {
      lost = true;
      return;
    }
    for (Page each : pages) {
      lane(each).rest = each.rest();
    }
    indexes.read(pages, (each, entry) -> lane(each).entries.add(entry));
    lanes.values().removeIf(lane -> !lane.hasMore());
    ready.clear();
    lanes.values().stream().filter(lane -> !lane.entries.isEmpty()).forEach(ready::add);
  }

  private Lane lane(Page of) {
    Lane lane = lanes.get(of.partition());
    if (lane == null) {
      throw new IllegalStateException("a page of a partition that was not asked");
    }
    return lane;
  }
}
