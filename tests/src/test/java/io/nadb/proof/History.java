package io.nadb.proof;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What threads did to a store, each step with what it read and wrote, and whether some order of the
 * steps explains all of it: that of their sequence numbers, which is checked by doing them again.
 *
 * <p>So the check takes no search: n log n for n steps.
 */
final class History {
  private final List<Step> steps = new ArrayList<>();

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
   */
  record Step(
      long begun,
      long ended,
      long first,
      long last,
      Map<String, @Nullable String> reads,
      Map<String, @Nullable String> writes) {

    private boolean isReadOnly() {
      return writes.isEmpty();
    }

    /** Where it stands: after all writes up to this number, and before those after it. */
    private long after() {
      return first - 1;
    }
  }

  /** A read of one key, which has no number: it may stand anywhere between two. */
  record Read(long begun, long ended, String key, @Nullable String value) {}

  void add(Collection<Step> more) {
    steps.addAll(more);
  }

  int size() {
    return steps.size();
  }

  /** Returns what is wrong, one line each; empty if all is explained. */
  List<String> check(Map<String, @Nullable String> before, Collection<Read> singles) {
    List<String> faults = new ArrayList<>();
    Map<String, NavigableMap<Long, @Nullable String>> versions = replay(before, faults);
    checkRealTime(faults);
    checkSingles(versions, singles, faults);
    return faults;
  }

  /** The state after all writes up to a number. */
  Map<String, String> stateAt(long number, Map<String, @Nullable String> before) {
    Map<String, String> state = new HashMap<>();
    replay(before, new ArrayList<>())
        .forEach(
            (key, versions) -> {
              Map.Entry<Long, @Nullable String> version = versions.floorEntry(number);
              if (version != null && version.getValue() != null) {
                state.put(key, version.getValue());
              }
            });
    return state;
  }

  /** Does all steps again, in their order, and compares what they read. */
  private Map<String, NavigableMap<Long, @Nullable String>> replay(
      Map<String, @Nullable String> before, List<String> faults) {
    Map<String, NavigableMap<Long, @Nullable String>> versions = new HashMap<>();
    before.forEach((key, value) -> version(versions, key, 0, value));
    steps.sort(Comparator.comparingLong(Step::after).thenComparing(step -> !step.isReadOnly()));
    long last = 0;
    for (Step step : steps) {
      step.reads.forEach(
          (key, value) -> {
            NavigableMap<Long, @Nullable String> known = versions.get(key);
            String expected = known == null ? null : known.lastEntry().getValue();
            if (value == null ? expected != null : !value.equals(expected)) {
              faults.add(step + " read " + key + " = " + value + " instead of " + expected);
            }
          });
      if (!step.isReadOnly()) {
        if (step.first <= last) {
          faults.add(step + " has a number that another one has: " + last);
        }
        last = step.last;
        step.writes.forEach((key, value) -> version(versions, key, step.last, value));
      }
    }
    return versions;
  }

  private static void version(
      Map<String, NavigableMap<Long, @Nullable String>> versions,
      String key,
      long number,
      @Nullable String value) {
    versions.computeIfAbsent(key, name -> new TreeMap<>()).put(number, value);
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

  /** A single read shows a version that was there at some time between its begin and its end. */
  private void checkSingles(
      Map<String, NavigableMap<Long, @Nullable String>> versions,
      Collection<Read> singles,
      List<String> faults) {
    NavigableMap<Long, Long> byEnd = new TreeMap<>();
    NavigableMap<Long, Long> beginOf = new TreeMap<>();
    long highest = 0;
    List<Step> ended = new ArrayList<>(steps);
    ended.sort(Comparator.comparingLong(Step::ended));
    for (Step step : ended) {
      highest = Math.max(highest, step.last);
      byEnd.put(step.ended, highest);
      if (!step.isReadOnly()) {
        beginOf.put(step.last, step.begun);
      }
    }
    for (Read read : singles) {
      Map.Entry<Long, Long> acknowledged = byEnd.lowerEntry(read.begun);
      long from = acknowledged == null ? 0 : acknowledged.getValue();
      NavigableMap<Long, @Nullable String> ofKey = versions.getOrDefault(read.key, new TreeMap<>());
      Long first = ofKey.floorKey(from);
      boolean found = first == null && read.value == null;
      for (Map.Entry<Long, @Nullable String> version :
          ofKey.tailMap(first == null ? 0L : first, true).entrySet()) {
        Long begun = beginOf.get(version.getKey());
        if (begun != null && begun > read.ended) {
          break;
        }
        String value = version.getValue();
        found |= read.value == null ? value == null : read.value.equals(value);
      }
      if (!found) {
        faults.add(read + " shows no version that was there from #" + from + " on");
      }
    }
  }
}
