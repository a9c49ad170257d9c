package io.nadb.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.nadb.KeyValueStore;
import io.nadb.StoreStats;
import java.util.Objects;

/**
 * The figures of a store as meters {@code nadb.store.*}, with the tag {@code store}.
 *
 * <pre>{@code
 * try (NadbMetrics metrics = NadbMetrics.of(store)) {
 *   metrics.bindTo(registry);
 *   ...
 * }
 * }</pre>
 *
 * <p>They are those of the store's location, so bind one of its handles, whatever namespace it is
 * on. One call of {@link KeyValueStore#stats} serves a scrape. The registry keeps the store and
 * shows its last figures, until this is closed; close it before or after the store. Thread-safe.
 *
 * @since 0.1.0
 */
public final class NadbMetrics implements MeterBinder, AutoCloseable {
  private final Meters<StoreStats> meters;

  private NadbMetrics(KeyValueStore store, Tags tags) {
    this.meters = new Meters<>(StoreFigures.ALL, store::stats, tags);
  }

  /** Creates the meters of a store, which is tagged with its name. */
  public static NadbMetrics of(KeyValueStore store) {
    return of(store, Tags.empty());
  }

  /**
   * Creates the meters of a store.
   *
   * @param tags further tags, or another one of the name {@code store} than the store's name
   */
  public static NadbMetrics of(KeyValueStore store, Iterable<Tag> tags) {
    Objects.requireNonNull(store, "store");
    return new NadbMetrics(store, Tags.of("store", store.name()).and(tags));
  }

  /**
   * Adds the meters to a registry.
   *
   * @throws IllegalStateException if the registry has such meters with these tags, which it would
   *     go on showing in place of these
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    meters.bindTo(registry);
  }

  /** Takes the meters away from every registry that has them. A second call does nothing. */
  @Override
  public void close() {
    meters.close();
  }
}
