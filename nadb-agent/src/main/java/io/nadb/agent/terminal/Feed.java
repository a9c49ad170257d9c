package io.nadb.agent.terminal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The stores of another JVM, a snapshot about every second, at the pace of its flight recorder.
 *
 * <p>Figures come from NADB's agent if it is there, otherwise from the events of the driver; a
 * driver notices the recorder in the next round of its background thread, so the first figures may
 * take one flush interval. Without an agent, percentiles are those of the flushes seen here.
 */
final class Feed implements AutoCloseable {
  private static final int TICKS_PER_SECOND = 2;
  private static final int DIGITS = 3;

  /** What every event has. */
  private static final Set<String> TIMES = Set.of("startTime", "duration");

  private static final double NANOS_PER_MILLI = 1e6;

  private final Target target;
  private final boolean agent;
  private final Recorder recorder;

  private final Consumer<Input> inputs;

  @GuardedBy("this")
  private final Map<String, Map<String, Object>> figures = new TreeMap<>();

  @GuardedBy("this")
  private final Map<String, Histogram> latencies = new HashMap<>();

  @GuardedBy("this")
  private Instant latest = Instant.EPOCH;

  @GuardedBy("this")
  private double slowestMillis;

  /** How often the recorder has ticked since a store reported or a snapshot was handed on. */
  @GuardedBy("this")
  private int emptyTicks;

  Feed(Target target, Consumer<Input> inputs) {
    this.target = target;
    this.inputs = inputs;
    this.agent = target.hasAgent();
    this.recorder = new Recorder(target);
    recorder.figures(this::figures);
    recorder.events("io.nadb.Flush", this::flush);
    recorder.start(this::tick, () -> inputs.accept(new Input.Ended()));
  }

  /** What to tell when the other JVM has ended. */
  TerminalException ended() {
    return new TerminalException("the JVM " + target.name() + " has ended");
  }

  private synchronized void figures(RecordedEvent event) {
    Map<String, Object> read = new HashMap<>();
    for (ValueDescriptor field : event.getFields()) {
      Object value = event.getValue(field.getName());
      boolean figure = value instanceof Number || value instanceof String;
      if (figure && !TIMES.contains(field.getName())) {
        read.put(attribute(field.getName()), value);
      }
    }
    read.remove("LastFlushTime", 0L); // There was none.
    read.put("GarbageBytes", event.getLong("totalBytes") - event.getLong("liveBytes"));
    // Two applications may have given one name to stores in two places, or even one URL: each has
    // loaded the driver, and so the event's type, for itself.
    long loaded = event.getEventType().getId();
    figures.put(event.getString("store") + "\n" + event.getString("url") + "\n" + loaded, read);
    latest = event.getEndTime();
  }

  /** The name that the MBean has for an event's field. */
  private static String attribute(String field) {
    return field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1);
  }

  private synchronized void flush(RecordedEvent event) {
    if (event.getString("failure") == null) {
      long nanos = Math.max(0, event.getDuration().toNanos());
      latencies
          .computeIfAbsent(event.getString("store"), store -> new Histogram(DIGITS))
          .recordValue(nanos);
      slowestMillis = Math.max(slowestMillis, nanos / NANOS_PER_MILLI);
    }
  }

  /** Hands on what has come; a store that has not reported since is no longer open. */
  private void tick() {
    try {
      if (isDue()) {
        inputs.accept(new Input.Seen(snapshot()));
      }
    } catch (TerminalException e) {
      inputs.accept(new Input.Ended());
    }
  }

  /**
   * Whether this tick is a second's: the recorder ticks twice in each, once before anything and
   * once after all.
   */
  private synchronized boolean isDue() {
    emptyTicks++;
    return !figures.isEmpty() || emptyTicks == TICKS_PER_SECOND;
  }

  private synchronized Observation snapshot() {
    List<StoreView> stores = agent ? new AgentView(target).read() : reported();
    Observation snapshot = new Observation(latest, stores, slowestMillis);
    figures.clear();
    slowestMillis = 0;
    emptyTicks = 0;
    return snapshot;
  }

  @GuardedBy("this")
  private List<StoreView> reported() {
    List<StoreView> stores = new ArrayList<>();
    Map<String, Integer> instances = new HashMap<>();
    figures.values().forEach(read -> instances.merge(nameOf(read), 1, Integer::sum));
    Map<String, Integer> numbers = new HashMap<>();
    for (Map<String, Object> read : figures.values()) {
      String name = nameOf(read);
      int number = numbers.merge(name, 1, Integer::sum);
      // An event of a flush tells no more than the name.
      Histogram latency = instances.getOrDefault(name, 1) == 1 ? latencies.get(name) : null;
      stores.add(
          new StoreView(number == 1 ? name : name + "#" + number, read, percentiles(latency)));
    }
    return stores;
  }

  private static String nameOf(Map<String, Object> read) {
    return String.valueOf(read.get("Store"));
  }

  private static Percentiles percentiles(@Nullable Histogram nanos) {
    return nanos == null
        ? Percentiles.NONE
        : new Percentiles(
            nanos.getTotalCount(),
            nanos.getMean() / NANOS_PER_MILLI,
            nanos.getValueAtPercentile(50) / NANOS_PER_MILLI,
            nanos.getValueAtPercentile(90) / NANOS_PER_MILLI,
            nanos.getValueAtPercentile(99) / NANOS_PER_MILLI,
            nanos.getValueAtPercentile(99.9) / NANOS_PER_MILLI,
            nanos.getMaxValue() / NANOS_PER_MILLI);
  }

  @Override
  public void close() {
    recorder.close();
  }
}
