package io.nadb.internal.log.query;

import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.SegmentSet;

/** What answers questions other than for one key: by tag, by expiry, by the order of keys. */
public record Queries(SecondaryIndexes secondary, OrderedKeyIndex listing)
    implements RecordListener {

  public Queries(SegmentSet state) {
    this(new SecondaryIndexes(state), new OrderedKeyIndex(state));
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
