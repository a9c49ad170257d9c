package io.nadb.internal.log.index;

import io.nadb.internal.log.format.Position;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.StampedLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A part of the index with its own lock, which whoever calls holds; {@link KeyIndex} draws a slot.
 *
 * <p>The slots are in tables with linear probing that grow one by one. Before tables become large,
 * each is split into two: a garbage collector gives a large array whole regions, which may waste
 * half as much memory as the array needs, and copying one takes long.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // the write lock is held by whoever updates
public final class IndexPartition {
  public static final int WORDS = 3;
  private static final int INITIAL_SLOTS = 8;

  /** What a partition without a key has; nobody writes to it, since a full table is replaced. */
  private static final long[] NO_SLOTS = new long[WORDS];

  /** So many keys in a table need at most 300 KB, which no collector finds large. */
  private static final int MAX_KEYS = 8192;

  final StampedLock lock = new StampedLock();

  /** How many low bits of a fingerprint all keys here have in common. */
  private final int commonBits;

  /** As many as a power of two: a fingerprint's next bits choose one. */
  private volatile long[][] tables = {NO_SLOTS};

  /** How many keys each table has. */
  private int[] sizes = new int[1];

  /** How many keys there are; others read it for figures, so no write needs a fence. */
  private final AtomicInteger size = new AtomicInteger();

  /** How many of them have a TTL. */
  private volatile int expiring;

  /** How many of them have a tag or a TTL. */
  private volatile int marked;

  /** Where the values are of keys whose slots lead to touches; null if there is none. */
  private volatile @Nullable IndexPartition values;

  IndexPartition(int commonBits) {
    this.commonBits = commonBits;
  }

  /** How many keys there are; exact when nobody writes. */
  int size() {
    return size.getOpaque();
  }

  int expiring() {
    return expiring;
  }

  int marked() {
    return marked;
  }

  /** Gives the position of a key's record, or 0. */
  long position(long first, long second) {
    long[] table = table(first);
    int word = find(table, first, second);
    return word < 0 ? 0 : table[word + 2];
  }

  /** Gives what is known of a key, or null. */
  KeyIndex.@Nullable Slot slot(long first, long second) {
    long[] table = table(first);
    int word = find(table, first, second);
    return word < 0 ? null : new KeyIndex.Slot(table[word + 2], KeyIndex.created(table[word + 1]));
  }

  /** Gives the position of the value of a key whose slot leads to a touch, or 0. */
  long value(long first, long second) {
    IndexPartition touched = values;
    return touched == null ? 0 : touched.position(first, second);
  }

  /** Sets the position of a key's value, until it is dropped. */
  void putValue(long first, long second, long position) {
    IndexPartition touched = values;
    if (touched == null) {
      touched = new IndexPartition(commonBits);
      values = touched;
    }
    touched.put(first, second, position);
  }

  /** Forgets the position of a key's value; returns it, or 0. */
  long dropValue(long first, long second) {
    IndexPartition touched = values;
    if (touched == null) {
      return 0;
    }
    long position = touched.remove(first, second);
    if (touched.size() == 0) {
      values = null;
    }
    return position;
  }

  /** Reads where a key's slot is or begins to be looked for; for its effect on the cache. */
  long touch(long first) {
    long[] table = table(first);
    int word = home(first, table.length / WORDS) * WORDS;
    return table[word] ^ table[word + 2]; // A slot may lie in two lines of the cache.
  }

  /** Sets a slot; returns the position before, or 0. */
  long put(long first, long second, long position) {
    int number = number(first);
    long[] table = tables[number];
    int capacity = table.length / WORDS;
    int slot = home(first, capacity);
    while (true) {
      int word = slot * WORDS;
      if (table[word + 2] == 0) {
        break;
      }
      if (isOf(table, word, first, second)) {
        long before = table[word + 2];
        table[word + 1] = second;
        table[word + 2] = position;
        count(position, 1);
        count(before, -1);
        return before;
      }
      slot = slot + 1 == capacity ? 0 : slot + 1;
    }
    if ((sizes[number] + 1) * 5L > capacity * 4L) {
      grow(number);
      put(first, second, position);
    } else {
      write(table, slot, first, second, position);
      count(position, 1);
      sizes[number]++;
      size.setOpaque(size.getPlain() + 1);
    }
    return 0;
  }

  /** Moves a slot's record, unless it is no longer at {@code from}; returns whether it did. */
  boolean move(long first, long second, long from, long to) {
    long[] table = table(first);
    int word = find(table, first, second);
    if (word < 0 || table[word + 2] != from) {
      return false;
    }
    table[word + 2] = to;
    return true;
  }

  /** Removes a slot; returns its position, or 0. */
  long remove(long first, long second) {
    int number = number(first);
    long[] table = tables[number];
    int word = find(table, first, second);
    if (word < 0) {
      return 0;
    }
    long position = table[word + 2];
    count(position, -1);
    closeGap(table, word / WORDS);
    sizes[number]--;
    size.setOpaque(size.getPlain() - 1);
    return position;
  }

  /** Makes room for so many keys in an empty partition. */
  void reserve(int keys) {
    if (keys == 0) {
      return;
    }
    int count = 1;
    while (keys / count > MAX_KEYS / 4 * 3) {
      count *= 2;
    }
    int slots = slotsFor(keys / count);
    long[][] empty = new long[count][];
    Arrays.setAll(empty, i -> new long[slots * WORDS]);
    tables = empty;
    sizes = new int[count];
  }

  /** Gives back room that was reserved for keys that did not come. */
  void trim() {
    for (int i = 0; i < sizes.length; i++) {
      int needed = INITIAL_SLOTS + sizes[i] + sizes[i] / 2;
      if (tables[i].length / WORDS > needed) {
        tables[i] = resized(tables[i], needed);
      }
    }
    IndexPartition touched = values;
    if (touched != null) {
      touched.trim();
    }
  }

  /** Shows all positions. */
  void forEach(LongConsumer each) {
    for (long[] table : tables) {
      for (int word = 2; word < table.length; word += WORDS) {
        if (table[word] != 0) {
          each.accept(table[word]);
        }
      }
    }
  }

  private long[] table(long first) {
    long[][] all = tables;
    return all[(int) (first >>> commonBits) & (all.length - 1)];
  }

  private int number(long first) {
    return (int) (first >>> commonBits) & (tables.length - 1);
  }

  /** Finds the first word of a key's slot, or -1. The table may be changing under the reader. */
  private static int find(long[] table, long first, long second) {
    int capacity = table.length / WORDS;
    int slot = home(first, capacity);
    for (int probes = 0; probes < capacity; probes++) {
      int word = slot * WORDS;
      if (table[word + 2] == 0) {
        return -1;
      }
      if (isOf(table, word, first, second)) {
        return word;
      }
      slot = slot + 1 == capacity ? 0 : slot + 1;
    }
    return -1;
  }

  private static boolean isOf(long[] table, int word, long first, long second) {
    return table[word] == first && KeyIndex.sameKey(table[word + 1], second);
  }

  private static int home(long first, int capacity) {
    return (int) (((first >>> 32) * capacity) >>> 32);
  }

  private void count(long position, int change) {
    if (Position.isMarked(position)) {
      marked += change;
      expiring += Position.hasTtl(position) ? change : 0;
    }
  }

  private void grow(int number) {
    if (sizes[number] < MAX_KEYS) {
      int capacity = tables[number].length / WORDS;
      tables[number] = resized(tables[number], capacity + capacity / 4 + 2);
    } else {
      split();
    }
  }

  private static long[] resized(long[] old, int slots) {
    long[] table = new long[slots * WORDS];
    for (int word = 0; word < old.length; word += WORDS) {
      if (old[word + 2] != 0) {
        insert(table, old[word], old[word + 1], old[word + 2]);
      }
    }
    return table;
  }

  /** Has each table's slots go to one of two by the next bit of their fingerprints. */
  private void split() {
    long[][] old = tables;
    long bit = (long) old.length << commonBits;
    long[][] split = new long[old.length * 2][];
    int[] counts = new int[split.length];
    for (int i = 0; i < old.length; i++) {
      int upper = i + old.length;
      for (int word = 0; word < old[i].length; word += WORDS) {
        if (old[i][word + 2] != 0) {
          counts[(old[i][word] & bit) == 0 ? i : upper]++;
        }
      }
      split[i] = new long[slotsFor(counts[i]) * WORDS];
      split[upper] = new long[slotsFor(counts[upper]) * WORDS];
      for (int word = 0; word < old[i].length; word += WORDS) {
        if (old[i][word + 2] != 0) {
          long[] table = split[(old[i][word] & bit) == 0 ? i : upper];
          insert(table, old[i][word], old[i][word + 1], old[i][word + 2]);
        }
      }
    }
    tables = split;
    sizes = counts;
  }

  /** Room to grow by an eighth. */
  private static int slotsFor(int keys) {
    return INITIAL_SLOTS + keys + keys * 2 / 5;
  }

  private static void insert(long[] table, long first, long second, long position) {
    int capacity = table.length / WORDS;
    int slot = home(first, capacity);
    while (table[slot * WORDS + 2] != 0) {
      slot = slot + 1 == capacity ? 0 : slot + 1;
    }
    write(table, slot, first, second, position);
  }

  /** Removes a slot so that no probe ever meets a tombstone. */
  private static void closeGap(long[] table, int slot) {
    int capacity = table.length / WORDS;
    int gap = slot;
    int next = slot;
    while (true) {
      next = next + 1 == capacity ? 0 : next + 1;
      int word = next * WORDS;
      if (table[word + 2] == 0) {
        break;
      }
      int home = home(table[word], capacity);
      boolean staysBehindGap =
          gap <= next ? (gap < home && home <= next) : (gap < home || home <= next);
      if (!staysBehindGap) {
        write(table, gap, table[word], table[word + 1], table[word + 2]);
        gap = next;
      }
    }
    write(table, gap, 0, 0, 0);
  }

  private static void write(long[] table, int slot, long first, long second, long position) {
    table[slot * WORDS] = first;
    table[slot * WORDS + 1] = second;
    table[slot * WORDS + 2] = position;
  }
}
