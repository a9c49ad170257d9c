package io.nadb.internal.log.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.ContentSource;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.StorageIo;
import io.nadb.spi.Write;
import io.nadb.testing.InMemory;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sorting in idle moments beside who lists. */
class OrderedKeyIndexTest {
  @TempDir(factory = InMemory.class)
  Path directory;

  @Test
  void sortingThatFindsAllSortedByAListerLeavesTheListsAsTheyAre() throws Exception {
    StorageIo disk = StorageIo.system();
    LogSettings settings = new LogSettings(64 << 10, Codec.NONE, false, Long.MAX_VALUE);
    Recovery.Recovered recovered =
        Recovery.open(directory, disk, new ContentSource(Long.MAX_VALUE), new Random(1));
    SegmentSet state = recovered.state();
    OrderedKeyIndex index = new OrderedKeyIndex(state);
    ActiveSegment log =
        new ActiveSegment(state, disk, new VirtualTime(), settings, index, recovered.end());
    Write write = Write.set(1, new byte[1], Set.of(), 0, false, 0, Write.NEVER);
    log.append(new MapCut(1, Map.of("default", Map.of("k", write))), true);

    // The background thread saw that nothing is sorted; before it has the lock, a lister sorts all.
    index.complete();
    assertThat(index.sortSome()).isFalse();

    List<String> keys = new ArrayList<>();
    try (Moment moment = new Moment(state, 1, state.gate().enter())) {
      index.scan(moment, "default", "", entry -> keys.add(entry.key()));
    }
    assertThat(keys).containsExactly("k");
    log.close();
    state.closeContents();
  }
}
