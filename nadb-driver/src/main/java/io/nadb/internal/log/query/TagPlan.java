package io.nadb.internal.log.query;

import io.nadb.TagFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * How entries that match a filter are found by the lists of tags: which lists have them all, and
 * how a position of one of these is looked up in the others, without reading its record.
 */
final class TagPlan {
  private final Map<String, TagList> lists;
  private final Map<String, SortedPositions> positions = new HashMap<>();
  private final TagFilter filter;
  private final @Nullable List<String> cover;

  private TagPlan(Map<String, TagList> lists, TagFilter filter) {
    this.lists = lists;
    this.filter = filter;
    this.cover = cover(filter);
  }

  /**
   * Makes one, for whoever holds what guards the lists.
   *
   * @param lists by tag
   */
  static TagPlan of(Map<String, TagList> lists, TagFilter filter) {
    TagPlan plan = new TagPlan(lists, positive(filter, true));
    plan.note(plan.filter);
    return plan;
  }

  /** Brings all negations to single tags. */
  private static TagFilter positive(TagFilter filter, boolean wanted) {
    if (filter instanceof TagFilter.Not not) {
      return positive(not.filter(), !wanted);
    }
    if (filter instanceof TagFilter.And and) {
      List<TagFilter> parts = and.filters().stream().map(each -> positive(each, wanted)).toList();
      return wanted ? new TagFilter.And(parts) : new TagFilter.Or(parts);
    }
    if (filter instanceof TagFilter.Or or) {
      List<TagFilter> parts = or.filters().stream().map(each -> positive(each, wanted)).toList();
      return wanted ? new TagFilter.Or(parts) : new TagFilter.And(parts);
    }
    return wanted ? filter : new TagFilter.Not(filter);
  }

  private void note(TagFilter part) {
    if (part instanceof TagFilter.Tag one) {
      TagList list = lists.get(one.tag());
      positions.computeIfAbsent(
          one.tag(), tag -> list == null ? SortedPositions.NONE : list.positions());
    } else if (part instanceof TagFilter.And and) {
      and.filters().forEach(this::note);
    } else if (part instanceof TagFilter.Or or) {
      or.filters().forEach(this::note);
    } else if (part instanceof TagFilter.Not not) {
      note(not.filter());
    }
  }

  /** Tags of which each entry that matches has one; the fewest entries. Null if there are none. */
  private @Nullable List<String> cover(TagFilter part) {
    if (part instanceof TagFilter.Tag one) {
      return List.of(one.tag());
    }
    if (part instanceof TagFilter.And and) {
      List<String> fewest = null;
      for (TagFilter each : and.filters()) {
        List<String> one = cover(each);
        if (one != null && (fewest == null || size(one) < size(fewest))) {
          fewest = one;
        }
      }
      return fewest;
    }
    if (part instanceof TagFilter.Or or) {
      List<String> all = new ArrayList<>();
      for (TagFilter each : or.filters()) {
        List<String> one = cover(each);
        if (one == null) {
          return null;
        }
        one.stream().filter(tag -> !all.contains(tag)).forEach(all::add);
      }
      return all;
    }
    return null;
  }

  private long size(List<String> tags) {
    long sum = 0;
    for (String tag : tags) {
      TagList list = lists.get(tag);
      sum += list == null ? 0 : list.size();
    }
    return sum;
  }

  /** Whether the lists of some tags have all that matches. */
  boolean isCovered() {
    return cover != null;
  }

  /** How many positions these lists have. */
  long size() {
    return size(cover());
  }

  /** The tags whose lists have all that matches. */
  List<String> cover() {
    return cover == null ? List.of() : cover;
  }

  /** The lists of these tags, as far as there are any. */
  List<TagList> coverLists() {
    List<TagList> all = new ArrayList<>();
    for (String tag : cover()) {
      TagList list = lists.get(tag);
      if (list != null) {
        all.add(list);
      }
    }
    return all;
  }

  /** All tags that matter, with their positions. */
  Map<String, SortedPositions> positions() {
    return positions;
  }

  /** The positions of these lists, in order, each once; not to be written to. */
  long[] candidates() {
    long[] all = {};
    for (String tag : cover()) {
      long[] one = positions.getOrDefault(tag, SortedPositions.NONE).toArray();
      all = all.length == 0 ? one : SortedPositions.union(all, one);
    }
    return all;
  }

  /** Whether the record at a position, which is in one of the lists, has tags that match. */
  LongPredicate matcher() {
    return matcher(filter);
  }

  private LongPredicate matcher(TagFilter part) {
    if (part instanceof TagFilter.Tag one) {
      return positions.getOrDefault(one.tag(), SortedPositions.NONE).membership()::contains;
    }
    if (part instanceof TagFilter.Not not) {
      return matcher(not.filter()).negate();
    }
    boolean all = part instanceof TagFilter.And;
    List<TagFilter> filters =
        part instanceof TagFilter.And and ? and.filters() : ((TagFilter.Or) part).filters();
    LongPredicate[] parts = filters.stream().map(this::matcher).toArray(LongPredicate[]::new);
    if (parts.length == 1) {
      return parts[0];
    }
    return position -> {
      for (LongPredicate each : parts) {
        if (each.test(position) != all) {
          return !all;
        }
      }
      return all;
    };
  }
}
