package io.nadb.internal.log.segment;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Those who go through the cuts of a log, and where they are: compaction leaves alone for a while
 * what they have still to see. One that nobody has any more does not count.
 */
public final class CutReaders {
  private final Set<WeakReference<Place>> places = ConcurrentHashMap.newKeySet();

  /** The number of the last write that somebody has seen who may go on with the cuts after it. */
  private volatile long seen;

  /** Where a reader is: in the segment of the cut that it has taken last. */
  public final class Place implements AutoCloseable {
    private final WeakReference<Place> reference = new WeakReference<>(this);
    private volatile long ordinal;

    private Place(long ordinal) {
      this.ordinal = ordinal;
    }

    /** Goes on to a segment; what precedes it is not needed any more. */
    public void move(long to) {
      ordinal = to;
    }

    @Override
    public void close() {
      places.remove(reference);
    }
  }

  /** Begins to read in a segment. */
  public Place begin(long ordinal) {
    Place place = new Place(ordinal);
    places.add(place.reference);
    return place;
  }

  /**
   * The ordinal of the first segment that a reader has not done with; the largest if none reads.
   */
  public long first() {
    places.removeIf(each -> each.get() == null);
    long first = Long.MAX_VALUE;
    for (WeakReference<Place> each : places) {
      Place place = each.get();
      if (place != null) {
        first = Math.min(first, place.ordinal);
      }
    }
    return first;
  }

  /**
   * Takes notice of who has seen all writes up to a number; larger than any before, or the same.
   */
  public void seenUpTo(long sequence) {
    seen = sequence;
  }

  /** Whether somebody may have seen writes that come after a number. */
  public boolean haveSeenBeyond(long sequence) {
    return seen > sequence;
  }
}
