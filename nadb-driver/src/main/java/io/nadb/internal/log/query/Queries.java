package io.nadb.internal.log.query;

import io.nadb.TagFilter;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.BackendView.Visitor;
import io.nadb.spi.SearchTrace;
import io.nadb.spi.Selection;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What answers questions other than for one key: by tag, by expiry, by the order of keys. */
public final class Queries implements RecordListener {
  private final SegmentSet state;
  private final SecondaryIndexes secondary;
  private final OrderedKeyIndex listing;
  private final TagSearch tags;
  private final TagListCounts counts;

  public Queries(SegmentSet state) {
    this.state = state;
    this.secondary = new SecondaryIndexes(state);
    this.listing = new OrderedKeyIndex(state);
    this.tags = new TagSearch(state, secondary);
    this.counts = new TagListCounts(state, secondary);
  }

  /** The lists by tag and by expiry. */
  public SecondaryIndexes secondary() {
    return secondary;
  }

  /** The keys in order. */
  public OrderedKeyIndex listing() {
    return listing;
  }

  /** What is found by tags. */
  public TagSearch tags() {
    return tags;
  }

  /** Shows a visitor what was selected at a moment. */
  public void walk(
      Moment moment, String namespace, Selection selection, Visitor visitor, SearchTrace trace)
      throws IOException {
    if (TagSearch.finds(selection.tags())) {
      tags.walk(moment, namespace, selection, visitor, trace);
    } else {
      listing.walk(moment, namespace, selection, visitor, trace);
    }
  }

  /** Counts what matched at a moment, without some keys; empty if it has to be read. */
  public OptionalLong count(
      Moment moment, String namespace, TagFilter filter, long now, Set<String> except) {
    return TagSearch.finds(filter)
        ? counts.count(moment, namespace, filter, now, except)
        : OptionalLong.empty();
  }

  /** Counts the entries of each tag, without some keys; empty if they have to be read. */
  public Optional<Map<String, Long>> countTags(
      Moment moment, String namespace, long now, Set<String> except) {
    return counts.countTags(moment, namespace, now, except);
  }

  /** The namespaces of all current records. */
  public Set<String> namespaces() {
    return NamespaceScan.of(state);
  }

  @Override
  public void published(long position) {
    secondary.published(position);
    listing.published(position);
  }

  /** Does a bounded step of keeping ready; returns whether there is more to do. */
  public boolean maintain(boolean idle) {
    return secondary.maintain(idle) || listing.maintain(idle);
  }
}
