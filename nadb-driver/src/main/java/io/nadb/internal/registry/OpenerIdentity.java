package io.nadb.internal.registry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who opens a location, so that nobody is given a store that another has opened. It is kept as a
 * digest under a key that no other process has: it can be compared, and tells nothing.
 */
final class OpenerIdentity {
  private static final String ALGORITHM = "HmacSHA256";

  /** Whoever gives no credentials. */
  private static final OpenerIdentity NOBODY = new OpenerIdentity(new byte[0]);

  private final byte[] digest;

  private OpenerIdentity(byte[] digest) {
    this.digest = digest;
  }

  /** The identity that credentials make, in their order; an empty one is as good as none. */
  static OpenerIdentity of(List<String> credentials) {
    return credentials.stream().allMatch(String::isEmpty)
        ? NOBODY
        : new OpenerIdentity(Digest.of(credentials));
  }

  /** Tells, in a time that says nothing about either, whether the two are the same. */
  boolean isSameAs(OpenerIdentity other) {
    return MessageDigest.isEqual(digest, other.digest);
  }

  @Override
  public String toString() {
    return "****";
  }

  /** Holds the key; loaded only where there are credentials, since random bytes take a while. */
  private static final class Digest {
    private static final byte[] KEY = new byte[32];

    static {
      new SecureRandom().nextBytes(KEY);
    }

    private Digest() {}

    static byte[] of(List<String> credentials) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(KEY, ALGORITHM));
        for (String credential : credentials) {
          byte[] utf8 = credential.getBytes(StandardCharsets.UTF_8);
          mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
          mac.update(utf8);
        }
        return mac.doFinal();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
      }
    }
  }
}
