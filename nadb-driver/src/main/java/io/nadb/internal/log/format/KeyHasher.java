package io.nadb.internal.log.format;

import static io.nadb.internal.log.format.SegmentFormat.LONG;

/**
 * SipHash-1-3 with 128 bits of output, under a secret key: turns keys into fingerprints that nobody
 * who chooses keys can make collide.
 */
public final class KeyHasher {
  private final long k0;
  private final long k1;

  KeyHasher(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  /** The hash of some bytes: 128 bits. */
  public record Fingerprint(long low, long high) {}

  /** Returns a hasher for the keys of one namespace. */
  public KeyHasher forNamespace(byte[] namespace) {
    Fingerprint derived = hash(namespace);
    return new KeyHasher(derived.low, derived.high);
  }

  /** Returns 64 bits that prove that a commit record was written here, for this log. */
  long seal(byte[] bytes, int from, int to) {
    return hash(bytes, from, to).low;
  }

  public Fingerprint hash(byte[] bytes) {
    return hash(bytes, 0, bytes.length);
  }

  public Fingerprint hash(byte[] bytes, int from, int to) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    int i = from;
    boolean last = false;
    while (!last) {
      long m;
      if (i + Long.BYTES <= to) {
        m = (long) LONG.get(bytes, i);
        i += Long.BYTES;
      } else {
        m = (long) (to - from) << 56;
        for (int shift = 0; i < to; i++, shift += Byte.SIZE) {
          m |= (bytes[i] & 0xffL) << shift;
        }
        last = true;
      }
      v3 ^= m;
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
      v0 ^= m;
    }
    v2 ^= 0xee;
    long low = 0;
    // Three rounds for the first half of the output, three more for the second.
    for (int round = 0; round < 6; round++) {
      if (round == 3) {
        low = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
      }
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
    return new Fingerprint(low, v0 ^ v1 ^ v2 ^ v3);
  }
}
