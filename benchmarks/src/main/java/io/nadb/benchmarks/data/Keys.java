package io.nadb.benchmarks.data;

import java.nio.charset.StandardCharsets;

/**
 * The keys of all workloads: number {@code i} has a key of 14 ASCII characters, and the order of
 * the numbers says nothing about that of the keys.
 */
public final class Keys {
  /** The length of every key, in characters and in bytes. */
  public static final int LENGTH = 14;

  private static final byte[] DIGITS =
      "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.US_ASCII);

  private Keys() {}

  /** Returns key number {@code i}; different numbers have different keys. */
  public static String of(long i) {
    byte[] key = new byte[LENGTH];
    long bits = mix(i);
    key[0] = 'k';
    for (int at = LENGTH - 1; at > 0; at--) {
      key[at] = DIGITS[(int) bits & 31];
      bits >>>= 5;
    }
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  /** Spreads {@code i} over 64 bits, one to one (the finalizer of SplitMix64). */
  public static long mix(long i) {
    long z = i + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
