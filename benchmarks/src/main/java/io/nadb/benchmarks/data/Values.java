package io.nadb.benchmarks.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The values of a workload: random bytes of one length from a fixed seed, which no compression
 * makes smaller, and of which the key's number and a version say which is expected.
 *
 * <p>They are taken from a pool, so that making them costs nothing, and begin with their place in
 * it.
 */
public final class Values {
  /** Versions of a key's value go from 0 to this. */
  public static final int MAX_VERSION = 15;

  private static final int POOL_BYTES = 1 << 22;

  private final byte[][] pool;

  /** Makes values of {@code length} bytes each, 4 at least. */
  public Values(int length) {
    int count = Integer.highestOneBit(Math.min(4096, Math.max(32, POOL_BYTES / length)));
    pool = new byte[count][length];
    SplittableRandom random = new SplittableRandom(42);
    for (int place = 0; place < count; place++) {
      random.nextBytes(pool[place]);
      for (int at = 0; at < Integer.BYTES; at++) {
        pool[place][at] = (byte) (place >>> (8 * at));
      }
    }
  }

  /** Returns the value of key number {@code key} in this version; it must not be changed. */
  public byte[] of(long key, int version) {
    return pool[(int) (Keys.mix(key) + version) & (pool.length - 1)];
  }

  /**
   * Reads every byte of a value that a store returned for key number {@code key}.
   *
   * @return which version it is
   * @throws IllegalStateException if it is no value of this key
   */
  public int version(long key, byte[] value) {
    int place = 0;
    for (int at = 0; at < Math.min(Integer.BYTES, value.length); at++) {
      place |= (value[at] & 0xFF) << (8 * at);
    }
    int version = (int) (place - Keys.mix(key)) & (pool.length - 1);
    if (place < 0 || place >= pool.length || version > MAX_VERSION) {
      throw new IllegalStateException("key " + Keys.of(key) + " has the value of another");
    }
    if (!Arrays.equals(pool[place], value)) {
      throw new IllegalStateException("key " + Keys.of(key) + " has a value that was never set");
    }
    return version;
  }
}
