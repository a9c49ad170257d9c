package io.nadb.internal.log;

/** What answers questions other than for one key: by tag, by expiry, by the order of keys. */
record Queries(Catalog catalog, KeyListing listing) implements RecordListener {

  Queries(LogState state) {
    this(new Catalog(state), new KeyListing(state));
  }

  @Override
  public void published(long position) {
    catalog.published(position);
    listing.published(position);
  }

  /** Does a bounded step of keeping ready; returns whether there is more to do. */
  boolean maintain(boolean idle) {
    return catalog.maintain(idle) || listing.maintain(idle);
  }
}
