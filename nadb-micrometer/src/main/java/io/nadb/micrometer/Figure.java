package io.nadb.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One figure of several as a meter.
 *
 * @param unit what is counted; null for a plain number, and for times, which have their own
 */
record Figure<T>(
    Kind kind,
    String name,
    Tags tags,
    @Nullable String unit,
    String description,
    ToDoubleFunction<T> value) {

  enum Kind {
    GAUGE,
    COUNTER,
    SECONDS
  }

  static <T> Figure<T> of(
      Kind kind,
      String name,
      @Nullable String unit,
      String description,
      ToDoubleFunction<T> value) {
    return new Figure<>(kind, name, Tags.empty(), unit, description, value);
  }

  /** A counter that is one of several of the same name. */
  static <T> Figure<T> result(
      String name, String result, String description, ToDoubleFunction<T> value) {
    return new Figure<>(Kind.COUNTER, name, Tags.of("result", result), null, description, value);
  }

  /** Adds the meter; its function keeps the round alive, which the registry itself does not. */
  Meter register(MeterRegistry registry, Tags common, Round<T> round, int index) {
    Tags all = common.and(tags);
    ToDoubleFunction<Round<T>> read = any -> value.applyAsDouble(round.read(index));
    return switch (kind) {
      case GAUGE ->
          Gauge.builder(name, round, read)
              .tags(all)
              .baseUnit(unit)
              .description(description)
              .register(registry);
      case COUNTER ->
          FunctionCounter.builder(name, round, read)
              .tags(all)
              .baseUnit(unit)
              .description(description)
              .register(registry);
      case SECONDS ->
          TimeGauge.builder(name, round, TimeUnit.SECONDS, read)
              .tags(all)
              .description(description)
              .register(registry);
    };
  }
}
