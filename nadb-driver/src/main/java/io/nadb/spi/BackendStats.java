package io.nadb.spi;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backend's figures.
 *
 * <p>Immutable, and equal to others that say the same. Later versions may say more.
 *
 * @since 0.1.0
 */
public final class BackendStats {
  private final Builder of;

  private BackendStats(Builder of) {
    this.of = of;
  }

  /** Begins figures that are zero, with nothing that is wrong. */
  public static Builder builder() {
    return new Builder();
  }

  /** How many keys it holds, expired ones included. */
  public long keys() {
    return of.keys;
  }

  /** Bytes that belong to a current entry. */
  public long liveBytes() {
    return of.liveBytes;
  }

  /** Bytes in all. */
  public long totalBytes() {
    return of.totalBytes;
  }

  /** Bytes of files that are gone but for readers, who still see what was in them. */
  public long retainedBytes() {
    return of.retainedBytes;
  }

  /** How many times files were rewritten to give space back. */
  public long compactions() {
    return of.compactions;
  }

  /** How far derived metadata is behind, in sequence numbers. */
  public long metadataLag() {
    return of.metadataLag;
  }

  /** Why derived metadata can't be kept up; null if it can. */
  public @Nullable String metadataFailure() {
    return of.metadataFailure;
  }

  /** How many keys a server has taken away to make room, of whomever, since it was started. */
  public long evictedKeys() {
    return of.evictedKeys;
  }

  /** How many times indexes were made anew, since some may have been lost. */
  public long indexRebuilds() {
    return of.indexRebuilds;
  }

  /** Returns all by the names of its methods, as those return it; what is null is left out. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("keys", of.keys);
    map.put("liveBytes", of.liveBytes);
    map.put("totalBytes", of.totalBytes);
    map.put("retainedBytes", of.retainedBytes);
    map.put("compactions", of.compactions);
    map.put("metadataLag", of.metadataLag);
    map.put("evictedKeys", of.evictedKeys);
    map.put("indexRebuilds", of.indexRebuilds);
    if (of.metadataFailure != null) {
      map.put("metadataFailure", of.metadataFailure);
    }
    return map;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BackendStats same && asMap().equals(same.asMap());
  }

  @Override
  public int hashCode() {
    return asMap().hashCode();
  }

  @Override
  public String toString() {
    return "BackendStats" + asMap();
  }

  /** Puts a {@link BackendStats} together, each part by its name there. Not thread-safe. */
  public static final class Builder implements Cloneable {
    private long keys;
    private long liveBytes;
    private long totalBytes;
    private long retainedBytes;
    private long compactions;
    private long metadataLag;
    private @Nullable String metadataFailure;
    private long evictedKeys;
    private long indexRebuilds;

    private Builder() {}

    public Builder keys(long keys) {
      this.keys = keys;
      return this;
    }

    public Builder liveBytes(long liveBytes) {
      this.liveBytes = liveBytes;
      return this;
    }

    public Builder totalBytes(long totalBytes) {
      this.totalBytes = totalBytes;
      return this;
    }

    public Builder retainedBytes(long retainedBytes) {
      this.retainedBytes = retainedBytes;
      return this;
    }

    public Builder compactions(long compactions) {
      this.compactions = compactions;
      return this;
    }

    public Builder metadataLag(long metadataLag) {
      this.metadataLag = metadataLag;
      return this;
    }

    public Builder metadataFailure(@Nullable String metadataFailure) {
      this.metadataFailure = metadataFailure;
      return this;
    }

    public Builder evictedKeys(long evictedKeys) {
      this.evictedKeys = evictedKeys;
      return this;
    }

    public Builder indexRebuilds(long indexRebuilds) {
      this.indexRebuilds = indexRebuilds;
      return this;
    }

    /** Returns what has been put together; what is set afterwards does not change it. */
    public BackendStats build() {
      return new BackendStats(clone());
    }

    @Override
    protected Builder clone() {
      try {
        return (Builder) super.clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e); // It is supported.
      }
    }
  }
}
