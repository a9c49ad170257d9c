package io.nadb.internal.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.StampedLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the current record of each key is: a hash table in primitive arrays, 24 bytes a slot,
 * filled to between 64 % and 80 %.
 *
 * <pre>
 *  slot:  [ fingerprint: 64 bits ][ fingerprint: 16 | created: 48 ][ position: 64 ]
 * </pre>
 *
 * <p>A slot knows its key by 80 bits of a keyed hash: the key itself is in the record, where every
 * read compares it. The table is split into partitions that grow one by one, each with linear
 * probing. Writers lock a partition; readers read without a lock and again if a writer came
 * between.
 */
final class KeyIndex {
  static final int PARTITIONS = 64;
  private static final int WORDS = 3;
  private static final int FIRST_SLOTS = 8;
  private static final int CREATED_BITS = 48;
  private static final long CREATED_MASK = (1L << CREATED_BITS) - 1;

  private final Partition[] partitions = new Partition[PARTITIONS];

  KeyIndex() {
    for (int i = 0; i < PARTITIONS; i++) {
      partitions[i] = new Partition();
    }
  }

  /** What a slot says. */
  record Slot(long position, long created) {}

  /** Gives the position of a key's record, or 0. */
  long find(KeyHasher.Fingerprint key) {
    Partition partition = partition(key.low());
    long stamp = partition.lock.tryOptimisticRead();
    if (stamp != 0) {
      long position = position(partition.table, key);
      if (partition.lock.validate(stamp)) {
        return position;
      }
    }
    stamp = partition.lock.readLock();
    try {
      return position(partition.table, key);
    } finally {
      partition.lock.unlockRead(stamp);
    }
  }

  private static long position(long[] table, KeyHasher.Fingerprint key) {
    int slot = slot(table, key.low(), key.high());
    return slot < 0 ? 0 : table[slot + 2];
  }

  /** Gives what is known of a key, or null. */
  @Nullable Slot lookup(KeyHasher.Fingerprint key) {
    Partition partition = partition(key.low());
    long stamp = partition.lock.tryOptimisticRead();
    if (stamp != 0) {
      Slot slot = lookup(partition.table, key);
      if (partition.lock.validate(stamp)) {
        return slot;
      }
    }
    stamp = partition.lock.readLock();
    try {
      return lookup(partition.table, key);
    } finally {
      partition.lock.unlockRead(stamp);
    }
  }

  private static @Nullable Slot lookup(long[] table, KeyHasher.Fingerprint key) {
    int slot = slot(table, key.low(), key.high());
    return slot < 0 ? null : new Slot(table[slot + 2], created(table[slot + 1]));
  }

  /**
   * Brings the slots of some keys into the processor's cache: their loads do not depend on each
   * other, so it waits for all at once, where finding them one by one waits for each.
   *
   * @param firsts the first words of the slots
   * @return something that depends on what was loaded, so that no compiler leaves the loads out
   */
  long preload(long[] firsts, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      long[] table = partition(firsts[i]).table;
      int word = home(firsts[i], table.length / WORDS) * WORDS;
      sum += table[word] ^ table[word + 2]; // A slot may lie in two lines of the cache.
    }
    return sum;
  }

  /** Sets a key's position; returns the one before, or 0. */
  long put(KeyHasher.Fingerprint key, long created, long position) {
    return put(key.low(), second(key, created), position);
  }

  /** Sets a slot, as a hint file has it; returns the position before, or 0. */
  long put(long first, long second, long position) {
    Partition partition = partition(first);
    long stamp = partition.lock.writeLock();
    try {
      return partition.put(first, second, position);
    } finally {
      partition.lock.unlockWrite(stamp);
    }
  }

  /** Moves a slot's record, unless it is no longer at {@code from}; returns whether it did. */
  boolean move(long first, long second, long from, long to) {
    Partition partition = partition(first);
    long stamp = partition.lock.writeLock();
    try {
      int slot = slot(partition.table, first, second);
      if (slot < 0 || partition.table[slot + 2] != from) {
        return false;
      }
      partition.table[slot + 2] = to;
      return true;
    } finally {
      partition.lock.unlockWrite(stamp);
    }
  }

  /** Removes a key; returns its position, or 0. */
  long remove(KeyHasher.Fingerprint key) {
    return remove(key.low(), second(key, 0));
  }

  /** Removes a slot, as a hint file has it; returns its position, or 0. */
  long remove(long first, long second) {
    Partition partition = partition(first);
    long stamp = partition.lock.writeLock();
    try {
      int slot = slot(partition.table, first, second);
      if (slot < 0) {
        return 0;
      }
      long position = partition.table[slot + 2];
      partition.remove(slot / WORDS);
      return position;
    } finally {
      partition.lock.unlockWrite(stamp);
    }
  }

  /** Makes room for so many keys in an empty index, so that it need not grow step by step. */
  void reserve(long keys) {
    long each = keys / PARTITIONS;
    int slots = (int) Math.min(each + each / 4 + each / 32, Integer.MAX_VALUE / WORDS - 8);
    for (Partition partition : partitions) {
      partition.resize(FIRST_SLOTS + slots);
    }
  }

  /** Gives back room that was reserved for keys that did not come; before anybody reads. */
  void trim() {
    for (Partition partition : partitions) {
      int needed = FIRST_SLOTS + partition.size.getPlain() + partition.size.getPlain() / 2;
      if (partition.table.length / WORDS > needed) {
        partition.resize(needed);
      }
    }
  }

  /** How many keys there are; exact when nobody writes. */
  long size() {
    long sum = 0;
    for (Partition partition : partitions) {
      sum += partition.size.getOpaque();
    }
    return sum;
  }

  /** Whether any key has a TTL. */
  boolean hasExpiring() {
    for (Partition partition : partitions) {
      if (partition.expiring != 0) {
        return true;
      }
    }
    return false;
  }

  /** How many keys have a tag or a TTL; exact when nobody writes. */
  long marked() {
    long sum = 0;
    for (Partition partition : partitions) {
      sum += partition.marked;
    }
    return sum;
  }

  /** Shows all positions in one of the {@link #PARTITIONS}. */
  void forEach(int number, LongConsumer each) {
    Partition partition = partitions[number];
    long stamp = partition.lock.readLock();
    try {
      long[] words = partition.table;
      for (int word = 2; word < words.length; word += WORDS) {
        if (words[word] != 0) {
          each.accept(words[word]);
        }
      }
    } finally {
      partition.lock.unlockRead(stamp);
    }
  }

  /** Whether a position is any key's; for the rare case, as it looks through everything. */
  boolean holds(long position) {
    boolean[] found = new boolean[1];
    for (int i = 0; i < PARTITIONS; i++) {
      forEach(i, each -> found[0] |= each == position);
    }
    return found[0];
  }

  private Partition partition(long first) {
    return partitions[(int) first & (PARTITIONS - 1)];
  }

  static long second(KeyHasher.Fingerprint key, long created) {
    return (key.high() & ~CREATED_MASK) | (created & CREATED_MASK);
  }

  private static long created(long second) {
    return (second << (64 - CREATED_BITS))
        >> (64 - CREATED_BITS); // sign-extended: 1969 is a time, too
  }

  /** Finds the first word of a key's slot, or -1. The table may be changing under the reader. */
  private static int slot(long[] table, long first, long second) {
    int capacity = table.length / WORDS;
    int slot = home(first, capacity);
    for (int probes = 0; probes < capacity; probes++) {
      int word = slot * WORDS;
      if (table[word + 2] == 0) {
        return -1;
      }
      if (table[word] == first && (table[word + 1] ^ second) >>> CREATED_BITS == 0) {
        return word;
      }
      slot = slot + 1 == capacity ? 0 : slot + 1;
    }
    return -1;
  }

  private static int home(long low, int capacity) {
    return (int) (((low >>> 32) * capacity) >>> 32);
  }

  /** A part of the table with its own lock. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // the write lock is held by whoever updates
  private static final class Partition {
    final StampedLock lock = new StampedLock();
    volatile long[] table = new long[FIRST_SLOTS * WORDS];

    /** How many keys there are; others read it for figures, so no write needs a fence. */
    final AtomicInteger size = new AtomicInteger();

    /** How many of them have a TTL. */
    volatile int expiring;

    /** How many of them have a tag or a TTL. */
    volatile int marked;

    long put(long first, long second, long position) {
      long[] words = table;
      int capacity = words.length / WORDS;
      int slot = home(first, capacity);
      while (true) {
        int word = slot * WORDS;
        if (words[word + 2] == 0) {
          break;
        }
        if (words[word] == first && (words[word + 1] ^ second) >>> CREATED_BITS == 0) {
          long before = words[word + 2];
          words[word + 1] = second;
          words[word + 2] = position;
          count(position, 1);
          count(before, -1);
          return before;
        }
        slot = slot + 1 == capacity ? 0 : slot + 1;
      }
      if ((size.getPlain() + 1) * 5L > capacity * 4L) {
        grow();
        put(first, second, position);
      } else {
        write(words, slot, first, second, position);
        count(position, 1);
        size.setOpaque(size.getPlain() + 1);
      }
      return 0;
    }

    private void count(long position, int change) {
      if (Position.isMarked(position)) {
        marked += change;
        expiring += Position.hasTtl(position) ? change : 0;
      }
    }

    private void grow() {
      int capacity = table.length / WORDS;
      resize(capacity + capacity / 4 + 2);
    }

    void resize(int slots) {
      long[] old = table;
      long[] words = new long[Math.multiplyExact(slots, WORDS)];
      for (int word = 0; word < old.length; word += WORDS) {
        if (old[word + 2] != 0) {
          int slot = home(old[word], slots);
          while (words[slot * WORDS + 2] != 0) {
            slot = slot + 1 == slots ? 0 : slot + 1;
          }
          write(words, slot, old[word], old[word + 1], old[word + 2]);
        }
      }
      table = words;
    }

    /** Closes the gap, so that no probe ever meets a tombstone. */
    void remove(int slot) {
      long[] words = table;
      count(words[slot * WORDS + 2], -1);
      int capacity = words.length / WORDS;
      int gap = slot;
      int next = slot;
      while (true) {
        next = next + 1 == capacity ? 0 : next + 1;
        int word = next * WORDS;
        if (words[word + 2] == 0) {
          break;
        }
        int home = home(words[word], capacity);
        boolean staysBehindGap =
            gap <= next ? (gap < home && home <= next) : (gap < home || home <= next);
        if (!staysBehindGap) {
          write(words, gap, words[word], words[word + 1], words[word + 2]);
          gap = next;
        }
      }
      write(words, gap, 0, 0, 0);
      size.setOpaque(size.getPlain() - 1);
    }

    private static void write(long[] words, int slot, long first, long second, long position) {
      words[slot * WORDS] = first;
      words[slot * WORDS + 1] = second;
      words[slot * WORDS + 2] = position;
    }
  }
}
