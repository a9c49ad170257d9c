package io.nadb.internal.log.query;

import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.index.PositionList;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Finds out which namespaces a log has, by a look at the head of each current record. */
final class NamespaceScan {
  private final Set<String> found = new TreeSet<>();
  private byte[] last = {};

  private NamespaceScan() {}

  /**
   * Lists the namespaces.
   *
   * @throws io.nadb.CorruptStoreException if a current record is damaged
   */
  static Set<String> of(SegmentSet state) {
    NamespaceScan scan = new NamespaceScan();
    state.trackStale();
    RecordReader reader = new RecordReader(state);
    for (int partition = 0; partition < KeyIndex.PARTITIONS; partition++) {
      PositionList positions = new PositionList();
      state.index().forEach(partition, positions::add);
      positions.sort(); // As they stand in the files.
      reader.forEachCurrent(positions.toArray(), (noted, current) -> scan.see(current.record()));
    }
    return Collections.unmodifiableSet(scan.found);
  }

  private void see(LogRecord record) {
    if (last.length == 0 || !record.isIn(last)) {
      last = record.namespaceBytes();
      found.add(new String(last, StandardCharsets.UTF_8));
    }
  }
}
