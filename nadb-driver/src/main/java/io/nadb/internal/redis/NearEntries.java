package io.nadb.internal.redis;

import io.nadb.TimeSource;
import io.nadb.internal.redis.Fetches.Fetched;
import io.nadb.internal.redis.NearCache.Item;
import io.nadb.internal.redis.NearCache.Ticket;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries near, or else from the server, and keeps what it reads there.
 *
 * <p>What is found near is answered if it is sure to have been so within the bound of {@link
 * Tracking}, and has not expired: the server has told how long it lives, and the time for that is
 * counted from before it was asked.
 */
final class NearEntries {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Fetches fetches;
  private final ServerClock clock;
  private final NearCache cache;
  private final Tracking tracking;
  private final TimeSource time;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  NearEntries(
      Fetches fetches, ServerClock clock, NearCache cache, Tracking tracking, TimeSource time) {
    this.fetches = fetches;
    this.clock = clock;
    this.cache = cache;
    this.tracking = tracking;
    this.time = time;
  }

  /** A read that asks the server, and keeps what it is answered if that is sure to hold. */
  private final class Read {
    private final long sentNanos = time.nanoTime();
    private final boolean sure;
    private boolean heard = true;

    Read(long freshUntil) {
      this.sure = freshUntil - sentNanos > 0;
    }

    @Nullable Ticket begin(String namespace, String key, @Nullable Item useless) {
      return sure ? cache.begin(namespace, key, useless) : null;
    }

    /** What a server that nobody listens to has said is not kept. */
    void answered(Line line) {
      heard &= tracking.listensTo(line.server());
    }

    /** Returns whether it was kept, so that its value is to be copied. */
    boolean keep(@Nullable Ticket ticket, Fetched fetched) {
      if (ticket == null || !heard || fetched.leftMillis() == Fetches.GONE || isHidden(fetched)) {
        return false;
      }
      StoredEntry entry = fetched.entry();
      Item item = entry == null ? Item.absent() : Item.of(entry, fetched.value());
      if (entry == null && !tracking.hearsOfNewKeys()) {
        item = item.until(sentNanos + Tracking.BOUND.toNanos());
      } else if (fetched.leftMillis() >= 0 && !clock.isGiven()) {
        item = item.until(sentNanos + fetched.leftMillis() * NANOS_PER_MILLI);
      }
      cache.keep(ticket, item);
      return true;
    }
  }

  private boolean isHidden(Fetched fetched) {
    StoredEntry entry = fetched.entry();
    return entry != null && clock.hides(entry.expiresAt());
  }

  /** Whether what was found answers, having been looked up after {@code freshUntil} was read. */
  private boolean answers(@Nullable Item item, long freshUntil, boolean withValue) {
    if (item == null || (withValue && !item.tellsValue())) {
      return false;
    }
    long now = time.nanoTime();
    return freshUntil - now > 0 && !item.isOverAt(now) && !clock.hides(item.expiresAt());
  }

  /** A value, as an array of the caller's own; null if there is none. */
  byte @Nullable [] value(String namespace, String key) {
    long freshUntil = tracking.freshUntil();
    Item item = cache.get(namespace, key);
    if (item != null && answers(item, freshUntil, true)) {
      hits.increment();
      byte[] value = item.value();
      return value == null ? null : value.clone();
    }
    StoredValue fetched = fetch(namespace, key, item, freshUntil);
    return fetched == null ? null : fetched.value();
  }

  /** An entry with its value, as an array of the caller's own; null if there is none. */
  @Nullable StoredValue read(String namespace, String key) {
    long freshUntil = tracking.freshUntil();
    Item item = cache.get(namespace, key);
    if (item != null && answers(item, freshUntil, true)) {
      hits.increment();
      StoredEntry entry = item.entry();
      byte[] value = item.value();
      return entry == null || value == null ? null : new StoredValue(entry, value.clone());
    }
    return fetch(namespace, key, item, freshUntil);
  }

  private @Nullable StoredValue fetch(
      String namespace, String key, @Nullable Item useless, long freshUntil) {
    return fetch(namespace, List.of(key), singleton(useless), freshUntil).get(0);
  }

  private static List<@Nullable Item> singleton(@Nullable Item item) {
    List<@Nullable Item> list = new ArrayList<>(1);
    list.add(item);
    return list;
  }

  /** Asks the server for entries, and tries to keep them. */
  private List<@Nullable StoredValue> fetch(
      String namespace, List<String> keys, List<@Nullable Item> useless, long freshUntil) {
    misses.add(keys.size());
    Read read = new Read(freshUntil);
    List<@Nullable Ticket> tickets = new ArrayList<>(keys.size());
    try {
      for (int i = 0; i < keys.size(); i++) {
        tickets.add(read.begin(namespace, keys.get(i), useless.get(i)));
      }
      List<@Nullable StoredValue> found = new ArrayList<>(keys.size());
      List<Fetched> all = fetches.fetch(namespace, keys, read::answered);
      for (int i = 0; i < keys.size(); i++) {
        Fetched fetched = all.get(i);
        StoredEntry entry = fetched.entry();
        byte[] value = fetched.value();
        boolean kept = read.keep(tickets.get(i), fetched);
        found.add(
            entry == null || value == null || isHidden(fetched)
                ? null
                : new StoredValue(entry, kept ? value.clone() : value));
      }
      return found;
    } finally {
      abandon(tickets);
    }
  }

  private void abandon(List<@Nullable Ticket> tickets) {
    for (Ticket ticket : tickets) {
      if (ticket != null) {
        cache.abandon(ticket);
      }
    }
  }

  /** What is known of an entry; null if there is none. */
  @Nullable StoredEntry entry(String namespace, String key) {
    long freshUntil = tracking.freshUntil();
    Item item = cache.get(namespace, key);
    if (item != null && answers(item, freshUntil, false)) {
      hits.increment();
      return item.entry();
    }
    misses.increment();
    Read read = new Read(freshUntil);
    Ticket ticket = read.begin(namespace, key, item);
    try {
      Fetched fetched = fetches.fetchEntry(namespace, key, read::answered);
      read.keep(ticket, fetched);
      return isHidden(fetched) ? null : fetched.entry();
    } finally {
      if (ticket != null) {
        cache.abandon(ticket);
      }
    }
  }

  /** Values of several entries, near ones as they are, and the others from the server. */
  Map<String, byte[]> values(String namespace, Collection<String> keys) {
    long freshUntil = tracking.freshUntil();
    Map<String, byte[]> values = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    List<@Nullable Item> useless = new ArrayList<>();
    for (String key : keys) {
      Item item = cache.get(namespace, key);
      if (item != null && answers(item, freshUntil, true)) {
        byte[] value = item.value();
        if (value != null) {
          values.put(key, value.clone());
        }
      } else {
        others.add(key);
        useless.add(item);
        values.put(key, Writes.NONE); // Its place in the order.
      }
    }
    hits.add(keys.size() - others.size());
    for (int from = 0; from < others.size(); from += Entries.MAX_VALUES_AT_ONCE) {
      int to = Math.min(from + Entries.MAX_VALUES_AT_ONCE, others.size());
      List<@Nullable StoredValue> found =
          fetch(namespace, others.subList(from, to), useless.subList(from, to), freshUntil);
      for (int i = from; i < to; i++) {
        StoredValue value = found.get(i - from);
        if (value == null) {
          values.remove(others.get(i));
        } else {
          values.put(others.get(i), value.value());
        }
      }
    }
    return values;
  }

  /** How many entries were read near. */
  long hits() {
    return hits.sum();
  }

  /** How many were read from the server. */
  long misses() {
    return misses.sum();
  }
}
