package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What happened to the stores of a {@link NadbHarness}, in virtual time: writes that were
 * acknowledged, cuts that reached the backend, faults, crashes. Thread-safe.
 *
 * <p>The latest ten thousand events are kept.
 *
 * @since 0.1.0
 */
public final class Ledger {
  private static final int MAX_EVENTS = 10_000;

  private final VirtualTime time;

  @GuardedBy("this")
  private final Deque<Event> events = new ArrayDeque<>();

  @GuardedBy("this")
  private final Map<String, DurabilityOracle> locations = new TreeMap<>();

  @GuardedBy("this")
  private long forgotten;

  Ledger(VirtualTime time) {
    this.time = time;
  }

  /**
   * Something that happened.
   *
   * @param at when, in virtual time
   * @param thread the name of the thread that did it
   * @param text what it was
   */
  public record Event(Instant at, String thread, String text) {}

  /** The events, the oldest first. */
  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  synchronized void add(String text) {
    if (events.size() == MAX_EVENTS) {
      events.removeFirst();
      forgotten++;
    }
    events.add(new Event(time.now(), Thread.currentThread().getName(), text));
  }

  synchronized DurabilityOracle location(String place) {
    return locations.computeIfAbsent(place, name -> new DurabilityOracle(name, this));
  }

  synchronized List<DurabilityOracle> locations() {
    return List.copyOf(locations.values());
  }

  Instant now() {
    return time.now();
  }

  /** The events as text, one a line, with the time since the clock began in seconds. */
  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder();
    if (forgotten > 0) {
      text.append("(").append(forgotten).append(" earlier events are forgotten)\n");
    }
    for (Event event : events) {
      Duration since = Duration.between(time.start(), event.at());
      text.append(String.format(Locale.ROOT, "%11.3fs  ", since.toNanos() / 1e9))
          .append(event.thread())
          .append(": ")
          .append(event.text())
          .append('\n');
    }
    return text.toString();
  }
}
