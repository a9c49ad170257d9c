package io.nadb.internal.log;

import static io.nadb.testing.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.spi.BackendStats;
import io.nadb.spi.StorageBackend.Load;
import io.nadb.spi.StorageIo;
import io.nadb.spi.Write;
import io.nadb.testing.InMemory;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compaction keeps pace with who overwrites as fast as they can, in no idle moment. */
class CompactionPaceTest {
  private static final int KEYS = 60_000;
  private static final int KEYS_OF_A_CUT = 8000;
  private static final int CUTS = 60;

  @TempDir(factory = InMemory.class)
  Path directory;

  private final Random random = new Random(3);
  private final Map<String, byte[]> held = new HashMap<>();
  private long sequence;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLogNeverGrowsMuchBeyondTwiceWhatIsLive(boolean metadata) throws IOException {
    StorageIo disk = StorageIo.system();
    LogSettings settings = new LogSettings(1 << 20, Codec.NONE, metadata, Long.MAX_VALUE);
    VirtualTime time = new VirtualTime();
    try (LogBackend backend = LogBackend.open(directory, settings, disk, time)) {
      for (int key = 0; key < KEYS; key += KEYS_OF_A_CUT) {
        Map<String, Write> writes = new HashMap<>();
        for (int i = key; i < Math.min(KEYS, key + KEYS_OF_A_CUT); i++) {
          set(writes, i);
        }
        backend.apply(new MapCut(sequence, Map.of("default", writes)), true);
      }
      if (metadata) {
        time.advance(Duration.ofSeconds(1));
        backend.maintain(Load.IDLE); // It begins, and has most of the log before it.
      }
      double most = 0;
      for (int cut = 0; cut < CUTS; cut++) {
        Map<String, Write> writes = new HashMap<>();
        for (int i = 0; i < KEYS_OF_A_CUT; i++) {
          set(writes, random.nextInt(KEYS));
        }
        backend.apply(new MapCut(sequence, Map.of("default", writes)), true);
        backend.maintain(Load.BUSY);
        BackendStats stats = backend.stats();
        most = Math.max(most, (double) stats.totalBytes() / stats.liveBytes());
      }
      assertThat(most).as("log × live").isBetween(1.5, 2.25);
      for (Map.Entry<String, byte[]> entry : held.entrySet()) {
        assertThat(backend.value("default", entry.getKey(), () -> 0)).isEqualTo(entry.getValue());
      }
    }
  }

  /** Many small flushes of the same keys: each makes the segment before it garbage. */
  @Test
  void segmentsThatHoldOneCutEachGoAsFastAsTheyCome() throws IOException {
    LogSettings settings = new LogSettings(1 << 16, Codec.NONE, false, Long.MAX_VALUE);
    VirtualTime time = new VirtualTime();
    try (LogBackend backend = LogBackend.open(directory, settings, StorageIo.system(), time)) {
      long most = 0;
      for (int cut = 0; cut < 300; cut++) {
        Map<String, Write> writes = new HashMap<>();
        for (int i = 0; i < 500; i++) {
          set(writes, i);
        }
        backend.apply(new MapCut(sequence, Map.of("default", writes)), true);
        if (cut % 6 == 5) {
          backend.maintain(Load.BUSY); // Writers who flush by themselves leave little time.
        }
        most = Math.max(most, backend.stats().totalBytes());
      }
      assertThat(most).as("bytes of the log").isLessThan(32 << 16);
    }
  }

  private void set(Map<String, Write> writes, int number) {
    String key = "key" + number;
    byte[] value = random(100);
    held.put(key, value);
    writes.put(key, Write.set(++sequence, value, Set.of(), 0, false, 0, Write.NEVER));
  }
}
