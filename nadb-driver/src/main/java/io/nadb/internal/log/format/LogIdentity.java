package io.nadb.internal.log.format;

import java.util.random.RandomGenerator;

/**
 * What all files of one log have in common: the secret under which its keys are hashed, and its
 * lineage, which tells its history from that of any copy that has gone another way.
 */
public record LogIdentity(long secret0, long secret1, long lineage0, long lineage1) {

  /** Makes an identity that no other log has. */
  public static LogIdentity anew(RandomGenerator random) {
    return new LogIdentity(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  /** The identity of a log with this one's secret and a lineage of its own. */
  public LogIdentity withLineage(RandomGenerator random) {
    return new LogIdentity(secret0, secret1, random.nextLong(), random.nextLong());
  }

  public boolean hasSecretOf(LogIdentity other) {
    return secret0 == other.secret0 && secret1 == other.secret1;
  }

  public boolean hasLineageOf(LogIdentity other) {
    return lineage0 == other.lineage0 && lineage1 == other.lineage1;
  }

  public KeyHasher hasher() {
    return new KeyHasher(secret0, secret1);
  }
}
