package io.nadb.internal.log.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.log.format.KeyHasher.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyHasherTest {
  private static final long K0 = 0x0706050403020100L;
  private static final long K1 = 0x0f0e0d0c0b0a0908L;

  /** SipHash-c-d with 128 bits of output, word for word as its authors describe it. */
  private static byte[] sipHash(int c, int d, long k0, long k1, byte[] message) {
    long[] v = {
      k0 ^ 0x736f6d6570736575L,
      k1 ^ 0x646f72616e646f6dL,
      k0 ^ 0x6c7967656e657261L,
      k1 ^ 0x7465646279746573L
    };
    v[1] ^= 0xee;
    byte[] padded = Arrays.copyOf(message, (message.length / 8 + 1) * 8);
    padded[padded.length - 1] = (byte) message.length;
    ByteBuffer words = ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN);
    while (words.hasRemaining()) {
      long m = words.getLong();
      v[3] ^= m;
      rounds(c, v);
      v[0] ^= m;
    }
    ByteBuffer out = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    v[2] ^= 0xee;
    rounds(d, v);
    out.putLong(v[0] ^ v[1] ^ v[2] ^ v[3]);
    v[1] ^= 0xdd;
    rounds(d, v);
    out.putLong(v[0] ^ v[1] ^ v[2] ^ v[3]);
    return out.array();
  }

  private static void rounds(int count, long[] v) {
    for (int i = 0; i < count; i++) {
      mix(v, 0, 1, 13, true);
      mix(v, 2, 3, 16, false);
      mix(v, 0, 3, 21, false);
      mix(v, 2, 1, 17, true);
    }
  }

  private static void mix(long[] v, int to, int from, int bits, boolean turns) {
    v[to] += v[from];
    v[from] = Long.rotateLeft(v[from], bits) ^ v[to];
    if (turns) {
      v[to] = Long.rotateLeft(v[to], 32);
    }
  }

  private static byte[] hash(KeyHasher hasher, byte[] message) {
    Fingerprint print = hasher.hash(message);
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(print.low())
        .putLong(print.high())
        .array();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  @Test
  void theReferenceGivesThePublishedValues() {
    assertThat(sipHash(2, 4, K0, K1, new byte[0]))
        .isEqualTo(hex("a3817f04ba25a8e66df67214c7550293"));
    assertThat(sipHash(2, 4, K0, K1, new byte[] {0}))
        .isEqualTo(hex("da87c1d86b99af44347659119b22fc45"));
    assertThat(sipHash(1, 3, K0, K1, new byte[0]))
        .isEqualTo(hex("e77ebcb22788a5befd62db6add303001"));
  }

  @Test
  void keysAreHashedWithSipHash13() {
    assertThat(hash(new KeyHasher(K0, K1), new byte[0]))
        .isEqualTo(hex("e77ebcb22788a5befd62db6add303001"));
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      byte[] message = new byte[i < 300 ? i : random.nextInt(70_000) / (1 + random.nextInt(1000))];
      random.nextBytes(message);
      long k0 = random.nextLong();
      long k1 = random.nextLong();
      assertThat(hash(new KeyHasher(k0, k1), message))
          .as("%s bytes", message.length)
          .isEqualTo(sipHash(1, 3, k0, k1, message));
    }
  }

  @Test
  void aPartIsHashedAsIfItWereAll() {
    byte[] all = "some bytes and more".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    KeyHasher hasher = new KeyHasher(3, 4);
    for (int from = 0; from < all.length; from++) {
      for (int to = from; to <= all.length; to++) {
        Fingerprint part = hasher.hash(Arrays.copyOfRange(all, from, to));
        assertThat(hasher.hash(all, from, to)).isEqualTo(part);
        assertThat(hasher.seal(all, from, to)).isEqualTo(part.low());
      }
    }
  }

  @Test
  void aNamespaceHasASecretOfItsOwn() {
    KeyHasher hasher = new KeyHasher(K0, K1);
    Fingerprint a = hasher.hash(new byte[] {'a'});
    assertThat(hasher.forNamespace(new byte[] {'a'}).hash(new byte[] {'k'}))
        .isEqualTo(new KeyHasher(a.low(), a.high()).hash(new byte[] {'k'}))
        .isNotEqualTo(hasher.forNamespace(new byte[] {'b'}).hash(new byte[] {'k'}));
  }
}
