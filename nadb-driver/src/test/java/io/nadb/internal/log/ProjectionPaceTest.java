package io.nadb.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.TimeSource;
import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.LogEnd;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.maintenance.Projection;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.StorageIo;
import io.nadb.spi.Write;
import io.nadb.testing.InMemory;
import io.nadb.testing.MapCut;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of the machine's time the metadata database takes. */
class ProjectionPaceTest {
  @TempDir(factory = InMemory.class)
  Path directory;

  /** A time that passes a millisecond whenever somebody looks. */
  private static final class PassingTime implements TimeSource {
    private long nanos;

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public long nanoTime() {
      nanos += 1_000_000;
      return nanos;
    }

    @Override
    public Alarm newAlarm(String owner) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean await(CompletableFuture<?> done, Duration timeout) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void whileMuchIsWrittenItDoesNotEvenBegin() throws IOException {
    StorageIo disk = StorageIo.system();
    SegmentSet state = NewLogs.state(directory, disk);
    LogSettings settings = new LogSettings(1 << 20, Codec.NONE, true, Long.MAX_VALUE);
    PassingTime time = new PassingTime();
    ActiveSegment log = new ActiveSegment(state, disk, time, settings, position -> {}, LogEnd.NONE);
    Path file = directory.resolve("metadata.db");
    try (Projection projection = new Projection(state, log, time, file)) {
      for (int look = 1; look <= 5000; look++) {
        if (look % 10 == 0) { // 10,000 writes a second
          Map<String, Write> writes = new HashMap<>();
          for (int i = 0; i < 100; i++) {
            writes.put("key" + i, Write.set(look, new byte[1], Set.of(), 0, false, 0, Write.NEVER));
          }
          log.append(new MapCut(look * 10L, Map.of("default", writes)), true);
        }
        projection.step(false);
      }
      assertThat(file).doesNotExist();
      assertThat(projection.resumesAt()).as("when it looks again").isNotEqualTo(Long.MAX_VALUE);
      while (projection.lag() > 0) {
        projection.step(false);
      }
      assertThat(file).exists();
    }
    log.close();
    state.segments().forEach(segment -> segment.content().close());
  }

  @Test
  void catchingUpRestsNineTimesAsLongAsItWorksAndArrives() throws IOException {
    StorageIo disk = StorageIo.system();
    SegmentSet state = NewLogs.state(directory, disk);
    LogSettings settings = new LogSettings(1 << 20, Codec.NONE, true, Long.MAX_VALUE);
    PassingTime time = new PassingTime();
    ActiveSegment log = new ActiveSegment(state, disk, time, settings, position -> {}, LogEnd.NONE);
    Map<String, Write> writes = new HashMap<>();
    for (int i = 1; i <= 5000; i++) {
      writes.put("key" + i, Write.set(i, new byte[1], Set.of(), 0, false, 0, Write.NEVER));
    }
    log.append(new MapCut(5000, Map.of("default", writes)), true);

    try (Projection projection =
        new Projection(state, log, time, directory.resolve("metadata.db"))) {
      int steps = 0;
      int looks = 0;
      while (projection.lag() > 0) {
        steps += projection.step(false) ? 1 : 0;
        looks++;
        if (projection.lag() > 0) {
          assertThat(projection.resumesAt()).as("when it goes on").isNotEqualTo(Long.MAX_VALUE);
        }
      }
      assertThat(steps).as("steps").isGreaterThan(10);
      assertThat(looks).as("looks, each a millisecond after the other").isGreaterThan(8 * steps);
      assertThat(projection.resumesAt()).isEqualTo(Long.MAX_VALUE);
    }
    log.close();
    state.segments().forEach(segment -> segment.content().close());
  }
}
