package io.nadb.micrometer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The meters of one source of figures, and the registries that have them. */
final class Meters<T> {
  private record Bound(MeterRegistry registry, Meter meter) {}

  private final List<Figure<T>> figures;
  private final Supplier<T> source;
  private final Tags tags;

  @GuardedBy("this")
  private final List<Bound> bound = new ArrayList<>();

  Meters(List<Figure<T>> figures, Supplier<T> source, Tags tags) {
    this.figures = figures;
    this.source = source;
    this.tags = tags;
  }

  synchronized void bindTo(MeterRegistry registry) {
    Round<T> round = new Round<>(source, registry.config().clock());
    List<Bound> added = new ArrayList<>();
    for (int i = 0; i < figures.size(); i++) {
      Figure<T> figure = figures.get(i);
      Set<Meter> before = Collections.newSetFromMap(new IdentityHashMap<>());
      before.addAll(registry.find(figure.name()).meters());
      Meter meter = figure.register(registry, tags, round, i);
      // For a name and tags that it knows, a registry returns the meter that it has.
      if (before.contains(meter)) {
        remove(added);
        throw new IllegalStateException(
            "the registry has "
                + meter.getId()
                + " already, bound by somebody else or twice; close that, or give other tags here,"
                + " as in NadbMetrics.of(store, Tags.of(\"store\", \"orders\"))");
      }
      added.add(new Bound(registry, meter));
    }
    bound.addAll(added);
  }

  synchronized void close() {
    remove(bound);
  }

  private static void remove(List<Bound> meters) {
    meters.forEach(each -> each.registry().remove(each.meter()));
    meters.clear();
  }
}
