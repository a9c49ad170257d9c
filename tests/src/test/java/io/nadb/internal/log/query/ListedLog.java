package io.nadb.internal.log.query;

import io.nadb.KeyOrder;
import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.maintenance.Compactor;
import io.nadb.internal.log.maintenance.Projection;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.ContentSource;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.StorageIo;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testing.InMemory;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real log with small segments and compaction, its lists in memory, and plain maps beside it. */
abstract class ListedLog {
  static final List<String> SPACES = List.of("default", "zwei", "😀");

  @TempDir(factory = InMemory.class)
  Path directory;

  final Random random = new Random(11);
  final Map<String, SortedMap<String, StoredEntry>> model = new HashMap<>();
  StorageIo disk;
  SegmentSet state;
  Queries queries;
  ActiveSegment log;
  Compactor compactor;
  long sequence;

  /** Done when a record is in the index and the lists are still to be told of it. */
  Runnable beforePublishing = () -> {};

  @BeforeEach
  void prepareDisk() throws IOException {
    disk = StorageIo.system();
    open();
  }

  final void open() throws IOException {
    LogSettings settings = new LogSettings(64 << 10, Codec.NONE, false, Long.MAX_VALUE);
    Recovery.Recovered recovered =
        Recovery.open(directory, disk, new ContentSource(Long.MAX_VALUE), new Random(1));
    state = recovered.state();
    queries = new Queries(state);
    RecordListener listener =
        position -> {
          beforePublishing.run();
          queries.published(position);
        };
    log = new ActiveSegment(state, disk, new VirtualTime(), settings, listener, recovered.end());
    compactor =
        new Compactor(
            state,
            log,
            new Projection(state, log, new VirtualTime(), null),
            listener,
            disk,
            settings);
  }

  @AfterEach
  void close() throws IOException {
    compactor.abort();
    log.close();
    state.segments().forEach(segment -> segment.content().close());
    state.retirement().drain();
  }

  SortedMap<String, StoredEntry> entries(String space) {
    return model.computeIfAbsent(space, name -> new TreeMap<>(KeyOrder.INSTANCE));
  }

  void write(Map<String, Map<String, Write>> writes) throws IOException {
    log.append(new MapCut(sequence, writes), true);
    writes.forEach(
        (space, keys) ->
            keys.forEach(
                (key, write) -> {
                  if (write.isDelete()) {
                    entries(space).remove(key);
                  } else {
                    entries(space).put(key, entry(key, write));
                  }
                }));
  }

  static StoredEntry entry(String key, Write write) {
    return new StoredEntry(
        key,
        write.sequence(),
        write.value().length,
        write.created(),
        write.updated(),
        write.expiresAt(),
        write.tags());
  }

  Write randomSet() {
    byte[] value = new byte[random.nextInt(200)];
    random.nextBytes(value);
    Set<String> tags =
        IntStream.range(0, random.nextInt(4))
            .mapToObj(i -> "t" + random.nextInt(6))
            .collect(Collectors.toSet());
    long expiresAt = random.nextInt(3) == 0 ? random.nextInt(100) : Write.NEVER;
    return Write.set(++sequence, value, tags, 7, false, 8, expiresAt);
  }

  Moment now() {
    return Moment.now(state);
  }

  Write tagged(String tag) {
    return Write.set(++sequence, new byte[9], Set.of(tag), 0, false, 0, Write.NEVER);
  }
}
