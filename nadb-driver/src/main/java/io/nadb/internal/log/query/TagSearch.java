package io.nadb.internal.log.query;

import io.nadb.TagFilter;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.BackendView.Visitor;
import io.nadb.spi.SearchTrace;
import io.nadb.spi.Selection;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/** Finds entries by their tags, as they were at a moment. */
public final class TagSearch {
  /** So many are read and sorted sooner than runs of them are searched. */
  private static final int FEW = 256;

  private static final TagFilter ANY = new TagFilter.And(List.of());

  private final SegmentSet state;
  private final SecondaryIndexes indexes;

  TagSearch(SegmentSet state, SecondaryIndexes indexes) {
    this.state = state;
    this.indexes = indexes;
  }

  /** Whether the lists of tags have all that matches. */
  static boolean finds(TagFilter filter) {
    return TagPlan.of(Collections.emptyMap(), filter).isCovered();
  }

  /** Returns the entries that had all of {@code tags} at a moment, in key order. */
  public List<StoredEntry> tagged(Moment moment, String namespace, Set<String> tags) {
    TagFilter all = TagFilter.all(tags.toArray(new String[0]));
    TagQueryResult hits =
        collect(moment, namespace, indexes.plan(namespace, all), all, new SearchTrace());
    hits.sort();
    return hits.toEntries();
  }

  /** Gives each entry that had a tag at a moment to {@code each}, once. */
  public void eachTagged(Moment moment, String namespace, Consumer<StoredEntry> each) {
    List<long[]> all = new ArrayList<>();
    indexes.positions(namespace).values().forEach(list -> all.add(list.toArray()));
    long[] candidates = all.stream().flatMapToLong(Arrays::stream).sorted().distinct().toArray();
    TagQueryResult hits = new TagQueryResult(new TagSets(ANY));
    collect(moment, namespace, candidates, position -> true, hits, new SearchTrace());
    hits.distinct();
    hits.forEach(each);
  }

  /** Shows a visitor what was selected, by tags that have lists. */
  void walk(
      Moment moment, String namespace, Selection selection, Visitor visitor, SearchTrace trace)
      throws IOException {
    TagPlan plan = indexes.plan(namespace, selection.tags());
    plan.positions().forEach((tag, list) -> trace.uses("tag '" + tag + "'", list.size()));
    if (selection.order() != Selection.Order.ANY && plan.size() > FEW) {
      List<long[]> runs = new ArrayList<>();
      for (TagList list : plan.coverLists()) {
        runs.addAll(list.runs(state, indexes));
      }
      new SortedRunWalk(moment, KeyRange.of(namespace, selection), selection.tags())
          .show(runs, plan.matcher(), visitor, trace);
      return;
    }
    TagQueryResult hits = collect(moment, namespace, plan, selection.tags(), trace);
    hits.sort(); // Also where any order will do: a key may have been found twice.
    List<StoredEntry> entries = hits.toEntries();
    if (selection.order() == Selection.Order.KEY_DESCENDING) {
      Collections.reverse(entries);
    }
    for (StoredEntry entry : entries) {
      if (selection.includes(entry.key()) && !visitor.visit(entry)) {
        return;
      }
    }
  }

  private TagQueryResult collect(
      Moment moment, String namespace, TagPlan plan, TagFilter filter, SearchTrace trace) {
    TagQueryResult hits = new TagQueryResult(new TagSets(filter));
    collect(moment, namespace, plan.candidates(), plan.matcher(), hits, trace);
    return hits;
  }

  /** Reads what positions lead to that are wanted. */
  private static void collect(
      Moment moment,
      String namespace,
      long[] positions,
      LongPredicate wanted,
      TagQueryResult hits,
      SearchTrace trace) {
    long[] candidates = Arrays.stream(positions).filter(wanted).toArray();
    RecordReader reader = new RecordReader(moment);
    long[] told = new long[1];
    reader.forEachCurrent(
        candidates,
        (noted, current) -> {
          trace.read(reader.reads() - told[0]);
          told[0] = reader.reads();
          if (current.position() == noted) {
            hits.add(current.record());
          } else if (Arrays.binarySearch(candidates, current.position()) < 0) {
            hits.addAnother(current.record());
          } // Else it is met at its own place, or has been.
        });
    moment.forEachReplaced(
        namespace.getBytes(StandardCharsets.UTF_8),
        replaced -> {
          if (Arrays.binarySearch(candidates, replaced.position()) < 0) {
            hits.addAnother(replaced.record());
          }
        });
    trace.read(reader.reads() - told[0]);
  }
}
