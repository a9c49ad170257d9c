package io.nadb.spi;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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

  /** Bytes that belong to no current entry, and are kept for those who read cuts, roughly. */
  public long feedBytes() {
    return of.feedBytes;
  }

  /** How far back what this held can be shown; zero if nothing of that is kept. */
  public Duration historyAge() {
    return of.historyAge;
  }

  /** Bytes that are younger than that, and so are left as they were written. */
  public long historyBytes() {
    return of.historyBytes;
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

  /** How many calls have waited for a connection to a server, since all were in use. */
  public long connectionWaits() {
    return of.connectionWaits;
  }

  /** How many calls had no connection to a server, or no answer, in time. */
  public long connectionTimeouts() {
    return of.connectionTimeouts;
  }

  /** How many connections have been made to servers so far. */
  public long connectionsMade() {
    return of.connectionsMade;
  }

  /** How many reads were answered from what is kept near of a server's entries. */
  public long nearHits() {
    return of.nearHits;
  }

  /** How many reads had to ask the server, though entries are kept near. */
  public long nearMisses() {
    return of.nearMisses;
  }

  /** How many entries that were kept near had to go for want of room. */
  public long nearEvictions() {
    return of.nearEvictions;
  }

  /** How many times the server has told of a key that had changed. */
  public long nearInvalidations() {
    return of.nearInvalidations;
  }

  /** How many times the server was no longer heard, so that all that was kept near went. */
  public long nearLosses() {
    return of.nearLosses;
  }

  /** How many bytes of memory is taken by what is kept near, nearly. */
  public long nearBytes() {
    return of.nearBytes;
  }

  /** How old what is kept near may be, at most; zero if nothing is. */
  public Duration nearLag() {
    return of.nearLag;
  }

  /** Why nothing is kept near; null if it is, or is not to be. */
  public @Nullable String nearFailure() {
    return of.nearFailure;
  }

  /** Returns all by the names of its methods, as those return it; what is null is left out. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("keys", of.keys);
    map.put("liveBytes", of.liveBytes);
    map.put("totalBytes", of.totalBytes);
    map.put("retainedBytes", of.retainedBytes);
    map.put("feedBytes", of.feedBytes);
    map.put("historyAge", of.historyAge);
    map.put("historyBytes", of.historyBytes);
    map.put("compactions", of.compactions);
    map.put("metadataLag", of.metadataLag);
    map.put("evictedKeys", of.evictedKeys);
    map.put("indexRebuilds", of.indexRebuilds);
    map.put("connectionWaits", of.connectionWaits);
    map.put("connectionTimeouts", of.connectionTimeouts);
    map.put("connectionsMade", of.connectionsMade);
    map.put("nearHits", of.nearHits);
    map.put("nearMisses", of.nearMisses);
    map.put("nearEvictions", of.nearEvictions);
    map.put("nearInvalidations", of.nearInvalidations);
    map.put("nearLosses", of.nearLosses);
    map.put("nearBytes", of.nearBytes);
    map.put("nearLag", of.nearLag);
    if (of.metadataFailure != null) {
      map.put("metadataFailure", of.metadataFailure);
    }
    if (of.nearFailure != null) {
      map.put("nearFailure", of.nearFailure);
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
    private long feedBytes;
    private Duration historyAge = Duration.ZERO;
    private long historyBytes;
    private long compactions;
    private long metadataLag;
    private @Nullable String metadataFailure;
    private long evictedKeys;
    private long indexRebuilds;
    private long connectionWaits;
    private long connectionTimeouts;
    private long connectionsMade;
    private long nearHits;
    private long nearMisses;
    private long nearEvictions;
    private long nearInvalidations;
    private long nearLosses;
    private long nearBytes;
    private Duration nearLag = Duration.ZERO;
    private @Nullable String nearFailure;

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

    public Builder feedBytes(long feedBytes) {
      this.feedBytes = feedBytes;
      return this;
    }

    public Builder historyAge(Duration historyAge) {
      this.historyAge = Objects.requireNonNull(historyAge, "historyAge");
      return this;
    }

    public Builder historyBytes(long historyBytes) {
      this.historyBytes = historyBytes;
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

    public Builder connectionWaits(long connectionWaits) {
      this.connectionWaits = connectionWaits;
      return this;
    }

    public Builder connectionTimeouts(long connectionTimeouts) {
      this.connectionTimeouts = connectionTimeouts;
      return this;
    }

    public Builder connectionsMade(long connectionsMade) {
      this.connectionsMade = connectionsMade;
      return this;
    }

    public Builder nearHits(long nearHits) {
      this.nearHits = nearHits;
      return this;
    }

    public Builder nearMisses(long nearMisses) {
      this.nearMisses = nearMisses;
      return this;
    }

    public Builder nearEvictions(long nearEvictions) {
      this.nearEvictions = nearEvictions;
      return this;
    }

    public Builder nearInvalidations(long nearInvalidations) {
      this.nearInvalidations = nearInvalidations;
      return this;
    }

    public Builder nearLosses(long nearLosses) {
      this.nearLosses = nearLosses;
      return this;
    }

    public Builder nearBytes(long nearBytes) {
      this.nearBytes = nearBytes;
      return this;
    }

    public Builder nearLag(Duration nearLag) {
      this.nearLag = Objects.requireNonNull(nearLag, "nearLag");
      return this;
    }

    public Builder nearFailure(@Nullable String nearFailure) {
      this.nearFailure = nearFailure;
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
