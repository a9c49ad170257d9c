package io.nadb.internal.log;

import java.util.random.RandomGenerator;

/**
 * What all files of one log have in common: the secret under which its keys are hashed, and its
 * lineage, which tells its history from that of any copy that has gone another way.
 */
record Identity(long secret0, long secret1, long lineage0, long lineage1) {

  /** Makes an identity that no other log has. */
  static Identity anew(RandomGenerator random) {
    return new Identity(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  /** The identity of a log with this one's secret and a lineage of its own. */
  Identity withLineage(RandomGenerator random) {
    return new Identity(secret0, secret1, random.nextLong(), random.nextLong());
  }

  boolean hasSecretOf(Identity other) {
    return secret0 == other.secret0 && secret1 == other.secret1;
  }

  boolean hasLineageOf(Identity other) {
    return lineage0 == other.lineage0 && lineage1 == other.lineage1;
  }

  KeyHasher hasher() {
    return new KeyHasher(secret0, secret1);
  }
}
