package io.nadb.internal.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries that have been read, and keys of which there are none, for as long as nobody says that
 * they have changed; bounded by bytes.
 *
 * <p>A lookup takes no lock. Who finds nothing leaves a ticket in the key's place before he asks
 * the server, and what he was answered is kept only if the ticket is still there: whatever says
 * that a key has changed takes away ticket and item alike. So nothing is kept that was read before
 * a change and arrives after the news of it.
 *
 * <p>What has to go when there is no room is found as SIEVE does it (Zhang et al., NSDI 2024): a
 * hand goes through the items from the oldest to the newest, round and round, and takes the first
 * that nobody has looked up since it came by. A lookup so leaves no more than a mark, and what is
 * read once, as by a walk through all keys, goes before what is read again.
 */
final class NearCache {
  /** An item with its places in map and list, and the headers of what it consists of. */
  private static final int ITEM_BYTES = 250;

  private static final int TAG_BYTES = 60;

  /** A value that takes more than one such part of the room would drive out too much else. */
  private static final int LARGEST_PART = 4;

  private final long capacity;
  private final Map<String, Map<String, Slot>> namespaces = new ConcurrentHashMap<>();

  @GuardedBy("this")
  private long bytes;

  @GuardedBy("this")
  private long evictions;

  @GuardedBy("this")
  private @Nullable Item newest;

  @GuardedBy("this")
  private @Nullable Item oldest;

  /** Where the hand goes on; null for the oldest. */
  @GuardedBy("this")
  private @Nullable Item hand;

  /**
   * Creates an empty one.
   *
   * @param capacity how many bytes of memory it takes, nearly
   */
  NearCache(long capacity) {
    this.capacity = capacity;
  }

  /** What stands in a key's place. */
  private abstract static sealed class Slot {}

  /** The place of what is being read. */
  static final class Ticket extends Slot {
    private final Map<String, Slot> home;
    private final String key;

    private Ticket(Map<String, Slot> home, String key) {
      this.home = home;
      this.key = key;
    }
  }

  /** What is known of a key. */
  static final class Item extends Slot {
    private final @Nullable StoredEntry entry;
    private final byte @Nullable [] value;
    private final boolean expires;
    private final long expiresNanos;

    private @Nullable Ticket place;
    private long bytes;
    private @Nullable Item newer;
    private @Nullable Item older;

    /** Set by lookups without a lock: one that gets lost costs a read of the server, at most. */
    private boolean marked;

    private Item(
        @Nullable StoredEntry entry, byte @Nullable [] value, boolean expires, long expiresNanos) {
      this.entry = entry;
      this.value = value;
      this.expires = expires;
      this.expiresNanos = expiresNanos;
    }

    /** There is no such entry. */
    static Item absent() {
      return new Item(null, null, false, 0);
    }

    /**
     * There is an entry.
     *
     * @param value its value, which is nobody else's from now on; null if only the rest is known
     */
    static Item of(StoredEntry entry, byte @Nullable [] value) {
      return new Item(entry, value, false, 0);
    }

    /** This, until a moment on the monotonic clock. */
    Item until(long nanos) {
      return new Item(entry, value, true, nanos);
    }

    /** The entry; null if there is none. */
    @Nullable StoredEntry entry() {
      return entry;
    }

    /** The value itself, not to be changed; null if there is none, or it is not known. */
    byte @Nullable [] value() {
      return value;
    }

    /** Whether it tells the value, or that there is none. */
    boolean tellsValue() {
      return value != null || entry == null;
    }

    /** Whether it is over at a moment on the monotonic clock. */
    boolean isOverAt(long nanos) {
      return expires && nanos - expiresNanos >= 0;
    }

    /** When its entry expires, by the server's clock. */
    long expiresAt() {
      return entry == null ? Write.NEVER : entry.expiresAt();
    }
  }

  /** Looks a key up; returns null if nothing is known of it. */
  @Nullable Item get(String namespace, String key) {
    Map<String, Slot> home = namespaces.get(namespace);
    if (home != null && home.get(key) instanceof Item item) {
      if (!item.marked) {
        item.marked = true;
      }
      return item;
    }
    return null;
  }

  /**
   * Takes the place of a key that is about to be read.
   *
   * @param useless what was looked up and says too little, if anything: it goes
   * @return the ticket for {@link #keep} or {@link #abandon}; null if somebody else has the place
   */
  synchronized @Nullable Ticket begin(String namespace, String key, @Nullable Item useless) {
    Map<String, Slot> home =
        namespaces.computeIfAbsent(namespace, same -> new ConcurrentHashMap<>());
    Slot present = home.get(key);
    if (present instanceof Item item) {
      if (item != useless) {
        return null;
      }
      unlink(item);
    } else if (present != null) {
      return null;
    }
    Ticket ticket = new Ticket(home, key);
    home.put(key, ticket);
    return ticket;
  }

  /** Keeps what was read, unless the key may have changed since the ticket was taken. */
  synchronized void keep(Ticket ticket, Item item) {
    if (ticket.home.get(ticket.key) != ticket) {
      return;
    }
    item.place = ticket;
    item.bytes = bytes(ticket.key, item);
    if (item.bytes > capacity / LARGEST_PART) {
      ticket.home.remove(ticket.key);
      return;
    }
    ticket.home.put(ticket.key, item);
    link(item);
    while (bytes > capacity) {
      evict();
    }
  }

  /** Gives the place up, if it is still the ticket's. */
  synchronized void abandon(Ticket ticket) {
    ticket.home.remove(ticket.key, ticket);
  }

  private static long bytes(String key, Item item) {
    long bytes = ITEM_BYTES + 2L * key.length();
    if (item.value != null) {
      bytes += item.value.length;
    }
    if (item.entry != null) {
      for (String tag : item.entry.tags()) {
        bytes += TAG_BYTES + 2L * tag.length();
      }
    }
    return bytes;
  }

  @GuardedBy("this")
  private void link(Item item) {
    bytes += item.bytes;
    item.older = newest;
    if (newest == null) {
      oldest = item;
    } else {
      newest.newer = item;
    }
    newest = item;
  }

  @GuardedBy("this")
  private void unlink(Item item) {
    bytes -= item.bytes;
    if (hand == item) {
      hand = item.newer;
    }
    if (item.newer == null) {
      newest = item.older;
    } else {
      item.newer.older = item.older;
    }
    if (item.older == null) {
      oldest = item.newer;
    } else {
      item.older.newer = item.newer;
    }
    item.newer = null;
    item.older = null;
  }

  @GuardedBy("this")
  private void evict() {
    Item at = hand == null ? oldest : hand;
    while (at != null && at.marked) {
      at.marked = false;
      at = at.newer == null ? oldest : at.newer;
    }
    if (at != null && at.place != null) {
      hand = at.newer;
      unlink(at);
      at.place.home.remove(at.place.key);
      evictions++;
    }
  }

  /** Forgets a key, and has nothing kept that is being read of it. */
  void forget(String namespace, String key) {
    Map<String, Slot> home = namespaces.get(namespace);
    if (home != null && home.containsKey(key)) { // Who takes a place later, reads later too.
      remove(home, key);
    }
  }

  private synchronized void remove(Map<String, Slot> home, String key) {
    if (home.remove(key) instanceof Item item) {
      unlink(item);
    }
  }

  /** Forgets everything, and has nothing kept that is being read. */
  synchronized void clear() {
    namespaces.values().forEach(Map::clear);
    newest = null;
    oldest = null;
    hand = null;
    bytes = 0;
  }

  /** How many bytes the items take, nearly. */
  synchronized long bytes() {
    return bytes;
  }

  /** How many items had to go for want of room. */
  synchronized long evictions() {
    return evictions;
  }
}
