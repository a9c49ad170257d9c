package io.nadb.internal.store;

import io.nadb.KeyOrder;
import io.nadb.Query;
import io.nadb.TagFilter;
import io.nadb.spi.Selection;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query asks for, and in which order.
 *
 * @param filters all of them must match an entry's tags
 * @param prefix what keys begin with
 * @param from the first key
 * @param to the first key that is too large; null for no bound
 * @param size of the value, in bytes
 * @param created when the key came into being
 * @param updated when the value was set
 * @param expires when the entry expires; never is a number, too
 * @param order what entries are sorted by, the least first
 * @param descending whether it is the greatest first
 */
record Question(
    List<TagFilter> filters,
    String prefix,
    String from,
    @Nullable String to,
    Bounds size,
    Bounds created,
    Bounds updated,
    Bounds expires,
    Query.Order order,
    boolean descending) {

  /** All entries, by key. */
  static final Question ALL =
      new Question(
          List.of(),
          "",
          "",
          null,
          Bounds.NONE,
          Bounds.NONE,
          Bounds.NONE,
          Bounds.NONE,
          Query.Order.KEY,
          false);

  Question withTags(TagFilter filter) {
    List<TagFilter> all = new ArrayList<>(filters);
    all.add(filter);
    return new Question(
        List.copyOf(all), prefix, from, to, size, created, updated, expires, order, descending);
  }

  /** Narrows the keys. */
  Question withKeys(String otherFrom, @Nullable String otherTo) {
    String first = KeyOrder.INSTANCE.compare(from, otherFrom) < 0 ? otherFrom : from;
    String last =
        to == null || (otherTo != null && KeyOrder.INSTANCE.compare(otherTo, to) < 0)
            ? otherTo
            : to;
    return new Question(
        filters, prefix, first, last, size, created, updated, expires, order, descending);
  }

  /** Narrows the keys; to none, if neither of two prefixes begins with the other. */
  Question withPrefix(String other) {
    if (prefix.startsWith(other)) {
      return this;
    }
    Question longer =
        new Question(filters, other, from, to, size, created, updated, expires, order, descending);
    return other.startsWith(prefix) ? longer : longer.withKeys("", "");
  }

  Question withSize(Bounds bounds) {
    return new Question(
        filters, prefix, from, to, size.and(bounds), created, updated, expires, order, descending);
  }

  Question withCreated(Bounds bounds) {
    return new Question(
        filters, prefix, from, to, size, created.and(bounds), updated, expires, order, descending);
  }

  Question withUpdated(Bounds bounds) {
    return new Question(
        filters, prefix, from, to, size, created, updated.and(bounds), expires, order, descending);
  }

  Question withExpires(Bounds bounds) {
    return new Question(
        filters, prefix, from, to, size, created, updated, expires.and(bounds), order, descending);
  }

  Question withOrder(Query.Order other, boolean greatestFirst) {
    return new Question(
        filters, prefix, from, to, size, created, updated, expires, other, greatestFirst);
  }

  /** What its tags must match. */
  TagFilter tags() {
    return filters.size() == 1 ? filters.get(0) : new TagFilter.And(filters);
  }

  boolean isByKey() {
    return order == Query.Order.KEY;
  }

  /** Whether tags are all that it asks for. */
  boolean isOfTagsAlone() {
    return prefix.isEmpty()
        && from.isEmpty()
        && to == null
        && size.equals(Bounds.NONE)
        && created.equals(Bounds.NONE)
        && updated.equals(Bounds.NONE)
        && expires.equals(Bounds.NONE);
  }

  /**
   * What a backend is asked for.
   *
   * @param after only what comes after that, if it is given
   * @param sorted whether the order matters
   */
  Selection selection(@Nullable Place after, boolean sorted) {
    if (!isByKey() || !sorted) {
      return new Selection(tags(), prefix, from, to, Selection.Order.ANY);
    }
    Question rest = this;
    if (after != null) {
      rest = descending ? withKeys("", after.key()) : withKeys(after.key() + "\0", null);
    }
    return new Selection(
        tags(),
        prefix,
        rest.from,
        rest.to,
        descending ? Selection.Order.KEY_DESCENDING : Selection.Order.KEY);
  }

  /** Whether an entry has what is asked for besides tags and key. */
  boolean matches(StoredEntry entry) {
    return size.include(entry.size())
        && created.include(entry.created())
        && updated.include(entry.updated())
        && expires.include(entry.expiresAt());
  }

  /** Whether a write may make an entry that is asked for: when it was created is not known yet. */
  boolean mayMatch(Write write) {
    return size.include(write.size()) && expires.include(write.expiresAt());
  }

  /** An entry's place in the order. */
  record Place(long number, String key) {}

  Place place(StoredEntry entry) {
    long number = order == Query.Order.UPDATED ? entry.updated() : 0;
    return new Place(order == Query.Order.SIZE ? entry.size() : number, entry.key());
  }

  /** The order of places. */
  Comparator<Place> places() {
    Comparator<Place> ascending =
        Comparator.comparingLong(Place::number).thenComparing(Place::key, KeyOrder.INSTANCE);
    return descending ? ascending.reversed() : ascending;
  }
}
