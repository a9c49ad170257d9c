package io.nadb.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What threads did to a store, each step with what it read and wrote, and whether some order of the
 * steps explains all of it: that of their sequence numbers, which is checked by doing them again.
 *
 * <p>So the check takes no search: n log n for n steps.
 */
final class History {
  private static final Version NEVER = new Version(null, Long.MAX_VALUE, Long.MAX_VALUE);

  private final List<Step> steps = new ArrayList<>();
  private final ClockLog clock;

  /** Of steps none of whose entries expires. */
  History() {
    this(new ClockLog(0));
  }

  History(ClockLog clock) {
    this.clock = clock;
  }

  /**
   * A version of a key: null if it is deleted.
   *
   * @param soonest when it may have expired, in milliseconds since the epoch
   * @param latest when it must have expired
   */
  private record Version(@Nullable String value, long soonest, long latest) {}

  /**
   * A step that has returned.
   *
   * @param begun when it was begun, in nanoseconds
   * @param ended when it returned
   * @param first the number of its first write; if it wrote nothing, one more than the last write
   *     before it
   * @param last the number of its last write; if it wrote nothing, that of the last write before it
   * @param reads what it read of others' writes, null for absent
   * @param writes what it wrote, null for deleted
   * @param ttls how long what it wrote lives; zero is for ever
   */
  record Step(
      long begun,
      long ended,
      long first,
      long last,
      Map<String, @Nullable String> reads,
      Map<String, @Nullable String> writes,
      Map<String, Duration> ttls) {

    private boolean isReadOnly() {
      return writes.isEmpty();
    }

    private Step withoutReads() {
      return new Step(begun, ended, first, last, Map.of(), writes, ttls);
    }

    /** Where it stands: after all writes up to this number, and before those after it. */
    private long after() {
      return first - 1;
    }
  }

  /** A read of one key, which has no number: it may stand anywhere between two. */
  record Read(long begun, long ended, String key, @Nullable String value) {}

  /** What a transaction had read that was not committed: values of one moment all the same. */
  record Glimpse(Map<String, @Nullable String> reads) {}

  void add(Collection<Step> more) {
    steps.addAll(more);
  }

  int size() {
    return steps.size();
  }

  /**
   * Returns what is wrong, one line each; empty if all is explained. No value may have been written
   * twice.
   */
  List<String> check(Collection<Read> singles, Collection<Glimpse> glimpses) {
    List<String> faults = new ArrayList<>();
    Map<String, NavigableMap<Long, Version>> versions = replay(faults);
    checkRealTime(faults);
    checkSingles(versions, singles, faults);
    glimpses.forEach(glimpse -> checkGlimpse(versions, glimpse, faults));
    return faults;
  }

  /**
   * Returns what is wrong with what a store has, as it is now, one line each.
   *
   * @param last the number of the last write that counts
   */
  List<String> compare(Map<String, String> contents, long last) {
    List<String> faults = new ArrayList<>();
    Map<String, NavigableMap<Long, Version>> versions = replay(faults);
    long now = System.nanoTime();
    Set<String> keys = new TreeSet<>(versions.keySet());
    keys.addAll(contents.keySet());
    for (String key : keys) {
      Map.Entry<Long, Version> entry = versions.getOrDefault(key, new TreeMap<>()).floorEntry(last);
      Version version = entry == null ? NEVER : entry.getValue();
      if (!mayShow(version, contents.get(key), now, now)) {
        faults.add(key + " is " + contents.get(key) + " instead of " + version);
      }
    }
    steps.stream()
        .filter(step -> !step.isReadOnly() && step.first <= last && step.last > last)
        .forEach(step -> faults.add(step + " is cut in two by #" + last));
    return faults;
  }

  /**
   * Makes a history that begins with what is left of this one.
   *
   * @param last the number of the last write that counts
   */
  History upTo(long last) {
    History next = new History(clock);
    steps.stream()
        .filter(step -> !step.isReadOnly() && step.last <= last)
        .map(Step::withoutReads)
        .forEach(next.steps::add);
    return next;
  }

  /** Does all steps again, in their order, and compares what they read. */
  private Map<String, NavigableMap<Long, Version>> replay(List<String> faults) {
    Map<String, NavigableMap<Long, Version>> versions = new HashMap<>();
    steps.sort(Comparator.comparingLong(Step::after).thenComparing(step -> !step.isReadOnly()));
    long last = 0;
    for (Step step : steps) {
      step.reads.forEach(
          (key, value) -> {
            NavigableMap<Long, Version> known = versions.get(key);
            Version expected = known == null ? NEVER : known.lastEntry().getValue();
            if (!mayShow(expected, value, step.begun, step.ended)) {
              faults.add(step + " read " + key + " = " + value + " instead of " + expected);
            }
          });
      if (!step.isReadOnly()) {
        if (step.first <= last) {
          faults.add(step + " has a number that another one has: " + last);
        }
        last = step.last;
        step.writes.forEach(
            (key, value) ->
                versions
                    .computeIfAbsent(key, name -> new TreeMap<>())
                    .put(step.last, version(step, key, value)));
      }
    }
    return versions;
  }

  private Version version(Step step, String key, @Nullable String value) {
    long ttl = step.ttls.getOrDefault(key, Duration.ZERO).toMillis();
    return ttl == 0
        ? new Version(value, Long.MAX_VALUE, Long.MAX_VALUE)
        : new Version(
            value,
            clock.lowest(step.begun, step.ended) + ttl,
            clock.highest(step.begun, step.ended) + ttl);
  }

  /**
   * Whether somebody who looked in that time may have seen this in a version. One that has expired
   * may have been removed, and does not come back if the clock is set back then.
   */
  private boolean mayShow(Version version, @Nullable String seen, long begun, long ended) {
    return seen == null
        ? version.value == null || version.soonest <= clock.highestUntil(ended)
        : seen.equals(version.value) && version.latest > clock.lowest(begun, ended);
  }

  /** Whoever begins after another one has returned stands after it. */
  private void checkRealTime(List<String> faults) {
    List<Step> ended = new ArrayList<>(steps);
    ended.sort(Comparator.comparingLong(Step::ended));
    List<Step> begun = new ArrayList<>(steps);
    begun.sort(Comparator.comparingLong(Step::begun));
    long highest = 0;
    int next = 0;
    for (Step step : begun) {
      while (next < ended.size() && ended.get(next).ended < step.begun) {
        highest = Math.max(highest, ended.get(next++).last);
      }
      if (step.after() < highest) {
        faults.add(step + " began when #" + highest + " had returned, and stands before it");
      }
    }
  }

  /**
   * A single read shows a version that was there at some time between its begin and its end, and
   * none that was replaced before what others had seen already when it began.
   */
  private void checkSingles(
      Map<String, NavigableMap<Long, Version>> versions,
      Collection<Read> singles,
      List<String> faults) {
    Map<@Nullable String, Long> numbers = new HashMap<>();
    versions
        .values()
        .forEach(of -> of.forEach((number, version) -> numbers.put(version.value, number)));
    Map<Long, Long> beginOf = new HashMap<>();
    List<long[]> seen = new ArrayList<>(); // When, and up to which number.
    for (Step step : steps) {
      seen.add(new long[] {step.ended, step.last});
      if (!step.isReadOnly()) {
        beginOf.put(step.last, step.begun);
      }
    }
    for (Read read : singles) {
      if (read.value != null) {
        seen.add(new long[] {read.ended, numbers.getOrDefault(read.value, 0L)});
      }
    }
    seen.sort(Comparator.comparingLong(each -> each[0]));
    List<Read> begun = new ArrayList<>(singles);
    begun.sort(Comparator.comparingLong(Read::begun));
    long from = 0;
    int next = 0;
    for (Read read : begun) {
      while (next < seen.size() && seen.get(next)[0] < read.begun) {
        from = Math.max(from, seen.get(next++)[1]);
      }
      if (!shows(versions.getOrDefault(read.key, new TreeMap<>()), read, from, beginOf)) {
        faults.add(read + " shows no version that was there from #" + from + " on");
      }
    }
  }

  private boolean shows(
      NavigableMap<Long, Version> versions, Read read, long from, Map<Long, Long> beginOf) {
    Long first = versions.floorKey(from);
    if (first == null && read.value == null) {
      return true;
    }
    for (Map.Entry<Long, Version> version :
        versions.tailMap(first == null ? 0L : first, true).entrySet()) {
      if (beginOf.getOrDefault(version.getKey(), 0L) > read.ended) {
        return false;
      }
      if (mayShow(version.getValue(), read.value, read.begun, read.ended)) {
        return true;
      }
    }
    return false;
  }

  /** There is a moment at which all values were there that were read. */
  private static void checkGlimpse(
      Map<String, NavigableMap<Long, Version>> versions, Glimpse glimpse, List<String> faults) {
    long from = 0;
    long before = Long.MAX_VALUE;
    for (Map.Entry<String, @Nullable String> read : glimpse.reads.entrySet()) {
      if (read.getValue() == null) {
        continue; // A key may have been absent again and again.
      }
      Long number = null;
      Long replaced = null;
      for (Map.Entry<Long, Version> version :
          versions.getOrDefault(read.getKey(), new TreeMap<>()).entrySet()) {
        if (number != null && replaced == null) {
          replaced = version.getKey();
        }
        if (read.getValue().equals(version.getValue().value)) {
          number = version.getKey();
        }
      }
      from = number == null ? Long.MAX_VALUE : Math.max(from, number);
      before = replaced == null ? before : Math.min(before, replaced);
    }
    if (from >= before) {
      faults.add(glimpse + " was never there: all of it from #" + from + ", before #" + before);
    }
  }
}
