package io.nadb.internal.log.index;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.Position;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
 * read compares it. Partitions grow one by one, each with linear probing. Writers lock a partition;
 * readers read without a lock and again if a writer came between.
 *
 * <p>A key that has been touched has a second slot, which leads to the record that has its value,
 * until it is set anew or compaction makes one record of the two.
 */
public final class KeyIndex {
  private static final int PARTITION_BITS = 6;
  public static final int PARTITIONS = 1 << PARTITION_BITS;
  private static final int CREATED_BITS = 48;
  private static final long CREATED_MASK = (1L << CREATED_BITS) - 1;

  private final IndexPartition[] partitions = new IndexPartition[PARTITIONS];

  private final Listener listener;

  /** For whom it is noted what is replaced. */
  private final List<OldPositions> kept = new CopyOnWriteArrayList<>();

  /**
   * Is told what becomes of positions that the index has led to, before anybody finds that, as the
   * partition is locked.
   */
  public interface Listener {
    /** Another position has taken the place of this one, or nothing; nobody needs it any more. */
    void outdated(long position);

    /** A touch has taken the place of this one, whose value is still needed. */
    void touched(long position);

    /** The value at a position that has been touched is needed no more. */
    void released(long position);
  }

  /** Makes an empty index. */
  public KeyIndex(Listener listener) {
    this.listener = listener;
    for (int i = 0; i < PARTITIONS; i++) {
      partitions[i] = new IndexPartition(PARTITION_BITS);
    }
  }

  /** What a slot says. */
  public record Slot(long position, long created) {}

  /** Gives the position of a key's record, or 0. */
  public long find(KeyHasher.Fingerprint key) {
    IndexPartition partition = partition(key.low());
    long stamp = partition.lock.tryOptimisticRead();
    if (stamp != 0) {
      long position = partition.position(key.low(), key.high());
      if (partition.lock.validate(stamp)) {
        return position;
      }
    }
    stamp = partition.lock.readLock();
    try {
      return partition.position(key.low(), key.high());
    } finally {
      partition.lock.unlockRead(stamp);
    }
  }

  /** Gives what is known of a key, or null. */
  public @Nullable Slot lookup(KeyHasher.Fingerprint key) {
    IndexPartition partition = partition(key.low());
    long stamp = partition.lock.tryOptimisticRead();
    if (stamp != 0) {
      Slot slot = partition.slot(key.low(), key.high());
      if (partition.lock.validate(stamp)) {
        return slot;
      }
    }
    stamp = partition.lock.readLock();
    try {
      return partition.slot(key.low(), key.high());
    } finally {
      partition.lock.unlockRead(stamp);
    }
  }

  /**
   * A slot that leads to a touch.
   *
   * @param value the position of the record with the value; 0 if there is none
   */
  public record Touched(long position, long value) {}

  /** Gives the positions of a key's record and of its value; null if that is no touch. */
  public @Nullable Touched touched(KeyHasher.Fingerprint key) {
    IndexPartition partition = partition(key.low());
    long stamp = partition.lock.tryOptimisticRead();
    if (stamp != 0) {
      Touched touched = touched(partition, key);
      if (partition.lock.validate(stamp)) {
        return touched;
      }
    }
    stamp = partition.lock.readLock();
    try {
      return touched(partition, key);
    } finally {
      partition.lock.unlockRead(stamp);
    }
  }

  private static @Nullable Touched touched(IndexPartition partition, KeyHasher.Fingerprint key) {
    long position = partition.position(key.low(), key.high());
    return Position.isTouch(position)
        ? new Touched(position, partition.value(key.low(), key.high()))
        : null;
  }

  /** Loads the slots of some keys; returns something that depends on them: {@link Preloading}. */
  long preload(long[] firsts, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += partition(firsts[i]).touch(firsts[i]);
    }
    return sum;
  }

  /** Sets a key's position; returns the one before, or 0. */
  public long put(KeyHasher.Fingerprint key, long created, long position) {
    return put(key.low(), second(key, created), position);
  }

  /** Sets a slot, as a hint file has it; returns the position before, or 0. */
  public long put(long first, long second, long position) {
    IndexPartition partition = partition(first);
    long stamp = partition.lock.writeLock();
    try {
      return replaced(partition, first, second, partition.put(first, second, position), position);
    } finally {
      partition.lock.unlockWrite(stamp);
    }
  }

  /**
   * Sets or removes slots of one of the {@link #PARTITIONS}, in their order, as a hint file has
   * them: three words each.
   *
   * @param words how many of the words count
   */
  public void putAll(int number, long[] slots, int words) {
    IndexPartition partition = partitions[number];
    long stamp = partition.lock.writeLock();
    try {
      for (int word = 0; word < words; word += IndexPartition.WORDS) {
        long first = slots[word];
        long second = slots[word + 1];
        long position = slots[word + 2];
        if (Position.isRemoved(position)) {
          replaced(partition, first, second, partition.remove(first, second), 0);
        } else {
          replaced(partition, first, second, partition.put(first, second, position), position);
        }
      }
    } finally {
      partition.lock.unlockWrite(stamp);
    }
  }

  /** What has been moved. */
  public enum Moved {
    /** The key's record. */
    RECORD,
    /** The record with the value of a key that has been touched. */
    VALUE,
    /** Nothing: neither was at the position any more. */
    NOTHING
  }

  /** Moves a slot's record, or its value, if either is at {@code from}. */
  public Moved move(long first, long second, long from, long to) {
    IndexPartition partition = partition(first);
    long stamp = partition.lock.writeLock();
    try {
      if (partition.move(first, second, from, to)) {
        listener.outdated(from);
        return Moved.RECORD;
      }
      return moveValue(partition, first, second, from, to);
    } finally {
      partition.lock.unlockWrite(stamp);
    }
  }

  /**
   * Puts one record in the place of a touch and of the record with its value; or, if there has been
   * another touch since, in the place of the latter.
   */
  public Moved merge(long first, long second, long touch, long value, long to) {
    IndexPartition partition = partition(first);
    long stamp = partition.lock.writeLock();
    try {
      if (partition.move(first, second, touch, to)) {
        listener.outdated(touch);
        release(partition, first, second);
        return Moved.RECORD;
      }
      return moveValue(partition, first, second, value, to);
    } finally {
      partition.lock.unlockWrite(stamp);
    }
  }

  private Moved moveValue(IndexPartition partition, long first, long second, long from, long to) {
    if (partition.value(first, second) != from) {
      return Moved.NOTHING;
    }
    partition.putValue(first, second, to);
    listener.released(from);
    return Moved.VALUE;
  }

  /** Removes a key; returns its position, or 0. */
  public long remove(KeyHasher.Fingerprint key) {
    return remove(key.low(), second(key, 0));
  }

  /** Removes a slot, as a hint file has it; returns its position, or 0. */
  public long remove(long first, long second) {
    IndexPartition partition = partition(first);
    long stamp = partition.lock.writeLock();
    try {
      return replaced(partition, first, second, partition.remove(first, second), 0);
    } finally {
      partition.lock.unlockWrite(stamp);
    }
  }

  /**
   * As the partition is locked: before anybody finds the new position, or nothing any more.
   *
   * @param position the new one, or 0
   */
  private long replaced(
      IndexPartition partition, long first, long second, long before, long position) {
    if (before != 0) {
      if (!kept.isEmpty()) {
        long value = Position.isTouch(before) ? partition.value(first, second) : 0;
        for (OldPositions old : kept) {
          old.note(first, second, before, value);
        }
      }
      if (Position.isTouch(position)) {
        touch(partition, first, second, before);
      } else {
        listener.outdated(before);
        if (Position.isTouch(before)) {
          release(partition, first, second);
        }
      }
    }
    return before;
  }

  private void touch(IndexPartition partition, long first, long second, long before) {
    if (Position.isTouch(before)) {
      listener.outdated(before); // What has the value stays the same.
    } else {
      partition.putValue(first, second, before);
      listener.touched(before);
    }
  }

  private void release(IndexPartition partition, long first, long second) {
    long value = partition.dropValue(first, second);
    if (value != 0) {
      listener.released(value);
    }
  }

  /**
   * Notes from now on which positions are replaced or removed, until they are released. A record
   * that is only moved is not noted.
   */
  public OldPositions keepOld() {
    OldPositions old = new OldPositions();
    kept.add(old);
    return old;
  }

  /** Notes nothing for it any more. */
  public void release(OldPositions old) {
    kept.remove(old);
  }

  /** For how many it is noted what is replaced. */
  public int keepers() {
    return kept.size();
  }

  /** Makes room for so many keys in an empty index, so that it need not grow step by step. */
  public void reserve(long keys) {
    for (IndexPartition partition : partitions) {
      partition.reserve(Math.toIntExact(keys / PARTITIONS));
    }
  }

  /** Gives back room that was reserved for keys that did not come; before anybody reads. */
  public void trim() {
    for (IndexPartition partition : partitions) {
      partition.trim();
    }
  }

  /**
   * Waits for those who are replacing a position just now: those who noted nothing for {@link
   * #keepOld}, as they had begun before, have told the listener then.
   */
  public void awaitWriters() {
    for (IndexPartition partition : partitions) {
      partition.lock.unlockRead(partition.lock.readLock());
    }
  }

  /** How many keys there are; exact when nobody writes. */
  public long size() {
    long sum = 0;
    for (IndexPartition partition : partitions) {
      sum += partition.size();
    }
    return sum;
  }

  /** Whether any key has a TTL. */
  public boolean hasExpiring() {
    for (IndexPartition partition : partitions) {
      if (partition.expiring() != 0) {
        return true;
      }
    }
    return false;
  }

  /** How many keys have a tag or a TTL; exact when nobody writes. */
  public long marked() {
    long sum = 0;
    for (IndexPartition partition : partitions) {
      sum += partition.marked();
    }
    return sum;
  }

  /** Shows all positions in one of the {@link #PARTITIONS}. */
  public void forEach(int number, LongConsumer each) {
    IndexPartition partition = partitions[number];
    long stamp = partition.lock.readLock();
    try {
      partition.forEach(each);
    } finally {
      partition.lock.unlockRead(stamp);
    }
  }

  private IndexPartition partition(long first) {
    return partitions[partitionOf(first)];
  }

  /** Tells which of the {@link #PARTITIONS} a slot belongs to. */
  public static int partitionOf(long first) {
    return (int) first & (PARTITIONS - 1);
  }

  public static long second(KeyHasher.Fingerprint key, long created) {
    return (key.high() & ~CREATED_MASK) | (created & CREATED_MASK);
  }

  /** Whether second words are of one key, given that the first ones are. */
  static boolean sameKey(long second, long other) {
    return (second ^ other) >>> CREATED_BITS == 0;
  }

  /** Gives the time of creation that a slot's second word has. */
  static long created(long second) {
    return (second << (64 - CREATED_BITS))
        >> (64 - CREATED_BITS); // sign-extended: 1969 is a time, too
  }
}
