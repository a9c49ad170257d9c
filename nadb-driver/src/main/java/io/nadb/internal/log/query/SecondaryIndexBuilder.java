package io.nadb.internal.log.query;

import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.index.PositionList;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A walk over all current records that have a tag or a TTL, in small steps: first the index is
 * looked through, then the records are read, segment by segment, so that a large log is read once.
 */
final class SecondaryIndexBuilder {
  private final SegmentSet state;
  private final Map<Integer, PositionList> bySegment = new HashMap<>();
  private int partition;
  private @Nullable Iterator<PositionList> segments;
  private PositionList current = new PositionList();
  private int at;

  SecondaryIndexBuilder(SegmentSet state) {
    this.state = state;
  }

  /** Sees each record that is still there. */
  interface Visitor {
    void visit(LogRecord record, long position);
  }

  /** Does a step; returns whether there is a rest. */
  boolean step(int records, Visitor visitor) {
    if (partition < KeyIndex.PARTITIONS) {
      state.index().forEach(partition, this::collect);
      partition++;
      return true;
    }
    RecordReader reader = new RecordReader(state);
    for (int i = 0; i < records; i++) {
      if (at == current.size() && !nextSegment()) {
        return false;
      }
      RecordReader.Found found = reader.at(current.get(at));
      if (found != null) { // If it is gone, it has been noted anew.
        visitor.visit(found.record(), found.position());
      }
      at++;
    }
    return true;
  }

  private void collect(long position) {
    if (Position.isMarked(position)) {
      bySegment
          .computeIfAbsent(Position.handle(position), handle -> new PositionList())
          .add(position);
    }
  }

  private boolean nextSegment() {
    Iterator<PositionList> rest = segments;
    if (rest == null) {
      rest = bySegment.values().iterator();
      segments = rest;
    }
    if (!rest.hasNext()) {
      return false;
    }
    current = rest.next();
    at = 0;
    return true;
  }
}
