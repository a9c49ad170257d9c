package io.nadb;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which tags an entry must have, for a {@link Query}: tags, joined by <i>and</i>, <i>or</i> and
 * <i>not</i> to any depth. Immutable.
 *
 * <pre>{@code
 * TagFilter.any("red", "green").and(TagFilter.none("sold"))
 * }</pre>
 *
 * @since 0.1.0
 */
public sealed interface TagFilter {

  /**
   * Matches entries that have all of the tags.
   *
   * @throws IllegalArgumentException if no tag is given
   */
  static TagFilter all(String... tags) {
    List<TagFilter> each = each("all", tags);
    return each.size() == 1 ? each.get(0) : new And(each);
  }

  /**
   * Matches entries that have one of the tags, or several.
   *
   * @throws IllegalArgumentException if no tag is given
   */
  static TagFilter any(String... tags) {
    List<TagFilter> each = each("any", tags);
    return each.size() == 1 ? each.get(0) : new Or(each);
  }

  /**
   * Matches entries that have none of the tags; those without tags, too.
   *
   * @throws IllegalArgumentException if no tag is given
   */
  static TagFilter none(String... tags) {
    return any(tags).negate();
  }

  private static List<TagFilter> each(String what, String... tags) {
    if (tags.length == 0) {
      throw new IllegalArgumentException("no tag is given; '" + what + "' wants one or more");
    }
    return Arrays.stream(tags).distinct().<TagFilter>map(Tag::new).toList();
  }

  /** Matches what both match. */
  default TagFilter and(TagFilter other) {
    return new And(List.of(this, other));
  }

  /** Matches what either matches, or both. */
  default TagFilter or(TagFilter other) {
    return new Or(List.of(this, other));
  }

  /** Matches what this does not match. */
  default TagFilter negate() {
    return new Not(this);
  }

  /** Whether an entry with these tags matches. */
  default boolean matches(Set<String> tags) {
    if (this instanceof Tag one) {
      return tags.contains(one.tag);
    } else if (this instanceof And and) {
      return and.filters.stream().allMatch(filter -> filter.matches(tags));
    } else if (this instanceof Or or) {
      return or.filters.stream().anyMatch(filter -> filter.matches(tags));
    }
    return this instanceof Not not && !not.filter.matches(tags);
  }

  /**
   * Entries that have a tag.
   *
   * @param tag the tag
   */
  record Tag(String tag) implements TagFilter {

    /** Refuses null. */
    public Tag {
      Objects.requireNonNull(tag, "tag");
    }
  }

  /**
   * Entries that match all of several filters; of none, all entries.
   *
   * @param filters the filters
   */
  record And(List<TagFilter> filters) implements TagFilter {

    /** Copies the filters. */
    public And {
      filters = List.copyOf(filters);
    }
  }

  /**
   * Entries that match one of several filters; of none, no entry.
   *
   * @param filters the filters
   */
  record Or(List<TagFilter> filters) implements TagFilter {

    /** Copies the filters. */
    public Or {
      filters = List.copyOf(filters);
    }
  }

  /**
   * Entries that do not match a filter.
   *
   * @param filter the filter
   */
  record Not(TagFilter filter) implements TagFilter {

    /** Refuses null. */
    public Not {
      Objects.requireNonNull(filter, "filter");
    }
  }
}
