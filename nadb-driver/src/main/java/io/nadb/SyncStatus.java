package io.nadb;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a registry's background thread is doing.
 *
 * <p>While several stores are open, a second thread stands by. If a store's background work takes
 * longer than a second, because its disk hangs or is slow, that thread takes over the other stores;
 * so one hanging store costs one thread, and delays the others by about a second, once.
 *
 * <p>Whatever a store's background work throws, the thread goes on. One that has died all the same
 * is replaced by the next call that needs it: an {@code open}, a {@code flush}, a question for
 * figures, or a write that begins or fills a buffer. Until then {@code running} is false, and the
 * stores are {@link StoreState#DEGRADED}.
 *
 * <p>Immutable, and equal to others that say the same. Later versions may say more.
 *
 * @since 0.1.0
 */
public final class SyncStatus {
  private final Builder of;

  private SyncStatus(Builder of) {
    this.of = of;
  }

  /** Begins a status of zeros, empty lists and nothing running. */
  public static Builder builder() {
    return new Builder();
  }

  /** Whether the thread is alive: it is while a store is open. */
  public boolean running() {
    return of.running;
  }

  /** The names of the stores it serves. */
  public List<String> stores() {
    return of.stores;
  }

  /** The names of those whose background work has been hanging for a second or longer. */
  public List<String> stalled() {
    return of.stalled;
  }

  /** How often it has looked for due work. */
  public long rounds() {
    return of.rounds;
  }

  /** How often a store's work failed unexpectedly. */
  public long failures() {
    return of.failures;
  }

  /** How often the second thread took over since a store's work took too long. */
  public long takeovers() {
    return of.takeovers;
  }

  /** How often a thread that had died was replaced. */
  public long replacements() {
    return of.replacements;
  }

  /** By how much the latest due work was late. */
  public Duration lag() {
    return of.lag;
  }

  /** By how much due work was late at most. */
  public Duration maxLag() {
    return of.maxLag;
  }

  /** The latest unexpected failure. */
  public Optional<String> lastFailure() {
    return of.lastFailure;
  }

  /** Returns all by the names of its methods, as those return it. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("running", of.running);
    map.put("stores", of.stores);
    map.put("stalled", of.stalled);
    map.put("rounds", of.rounds);
    map.put("failures", of.failures);
    map.put("takeovers", of.takeovers);
    map.put("replacements", of.replacements);
    map.put("lag", of.lag);
    map.put("maxLag", of.maxLag);
    map.put("lastFailure", of.lastFailure);
    return map;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SyncStatus same && asMap().equals(same.asMap());
  }

  @Override
  public int hashCode() {
    return asMap().hashCode();
  }

  @Override
  public String toString() {
    return "SyncStatus" + asMap();
  }

  /** Puts a {@link SyncStatus} together, each part by its name there. Not thread-safe. */
  public static final class Builder implements Cloneable {
    private boolean running;
    private List<String> stores = List.of();
    private List<String> stalled = List.of();
    private long rounds;
    private long failures;
    private long takeovers;
    private long replacements;
    private Duration lag = Duration.ZERO;
    private Duration maxLag = Duration.ZERO;
    private Optional<String> lastFailure = Optional.empty();

    private Builder() {}

    public Builder running(boolean running) {
      this.running = running;
      return this;
    }

    public Builder stores(List<String> stores) {
      this.stores = List.copyOf(stores);
      return this;
    }

    public Builder stalled(List<String> stalled) {
      this.stalled = List.copyOf(stalled);
      return this;
    }

    public Builder rounds(long rounds) {
      this.rounds = rounds;
      return this;
    }

    public Builder failures(long failures) {
      this.failures = failures;
      return this;
    }

    public Builder takeovers(long takeovers) {
      this.takeovers = takeovers;
      return this;
    }

    public Builder replacements(long replacements) {
      this.replacements = replacements;
      return this;
    }

    public Builder lag(Duration lag) {
      this.lag = Objects.requireNonNull(lag, "lag");
      return this;
    }

    public Builder maxLag(Duration maxLag) {
      this.maxLag = Objects.requireNonNull(maxLag, "maxLag");
      return this;
    }

    public Builder lastFailure(Optional<String> lastFailure) {
      this.lastFailure = Objects.requireNonNull(lastFailure, "lastFailure");
      return this;
    }

    /** Returns what has been put together; what is set afterwards does not change it. */
    public SyncStatus build() {
      return new SyncStatus(clone());
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
