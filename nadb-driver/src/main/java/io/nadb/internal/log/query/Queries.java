package io.nadb.internal.log.query;

import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.SegmentSet;

/** What answers questions other than for one key: by tag, by expiry, by the order of keys. */
public record Queries(Catalog catalog, OrderedKeyIndex listing) implements RecordListener {

  public Queries(SegmentSet state) {
    this(new Catalog(state), new OrderedKeyIndex(state));
  }

  @Override
  public void published(long position) {
    catalog.published(position);
    listing.published(position);
  }

  /** Does a bounded step of keeping ready; returns whether there is more to do. */
  public boolean maintain(boolean idle) {
    return catalog.maintain(idle) || listing.maintain(idle);
  }
}
