package io.nadb.internal.log.index;

import io.nadb.internal.log.format.KeyHasher;
import java.util.concurrent.locks.StampedLock;

/**
 * Where the records were that keys had at one moment and have no longer: what the index has
 * replaced or removed since, 32 bytes for each such key, and once more for one that was touched.
 *
 * <p>A key that had no record at that moment may be in here too, with one that came later; whoever
 * asks tells it by the record's sequence number.
 */
public final class OldPositions {
  private static final long BYTES_PER_KEY = 32;

  private final IndexPartition positions = new IndexPartition(0);

  OldPositions() {}

  /**
   * Notes a position that the index leads to no longer, unless the key had another one before.
   *
   * @param value the position of its value, if it is a touch; else 0
   */
  void note(long first, long second, long position, long value) {
    StampedLock lock = positions.lock;
    long stamp = lock.writeLock();
    try {
      if (positions.position(first, second) == 0) {
        positions.put(first, second, position);
        if (value != 0) {
          positions.putValue(first, second, value);
        }
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * Gives the position that a key had; 0 if the index still leads to it, or if there was none. The
   * index is to be asked first: then what it has said is right if this says 0.
   */
  public long find(KeyHasher.Fingerprint key) {
    StampedLock lock = positions.lock;
    long stamp = lock.tryOptimisticRead();
    if (stamp != 0) {
      long position = positions.position(key.low(), key.high());
      if (lock.validate(stamp)) {
        return position;
      }
    }
    stamp = lock.readLock();
    try {
      return positions.position(key.low(), key.high());
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Gives the position of the value that a key had, whose record was a touch; 0 if none. */
  public long value(KeyHasher.Fingerprint key) {
    StampedLock lock = positions.lock;
    long stamp = lock.readLock();
    try {
      return positions.value(key.low(), key.high());
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Gives all positions that have been noted, in the order of the files. */
  public long[] toArray() {
    PositionList all = new PositionList();
    StampedLock lock = positions.lock;
    long stamp = lock.readLock();
    try {
      positions.forEach(all::add);
    } finally {
      lock.unlockRead(stamp);
    }
    all.sort();
    return all.toArray();
  }

  /** How much memory they take, roughly. */
  public long bytes() {
    return BYTES_PER_KEY * size();
  }

  /** How many keys have been noted; exact when nobody writes. */
  public int size() {
    return positions.size();
  }
}
