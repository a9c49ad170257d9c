package io.nadb.internal.log;

import static io.nadb.testing.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.HistoryWindow;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.spi.CompactionRequest;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageBackend.Load;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compactions that are asked for amid those that a log with history does by itself. */
class HistoryStepsTest {
  private static final int KEYS = 60;
  private static final Duration WINDOW = Duration.ofHours(1);

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private LogBackend backend;
  private long sequence;

  @BeforeEach
  void open() throws IOException {
    backend =
        LogBackend.open(
            directory,
            new LogSettings(
                64 << 10,
                Codec.NONE,
                false,
                Long.MAX_VALUE,
                new HistoryWindow(WINDOW.toMillis(), Long.MAX_VALUE)),
            SimulatedDisk.withoutRecord(),
            time);
  }

  @AfterEach
  void close() throws IOException {
    backend.close();
  }

  private void overwrite(int round) throws IOException {
    Map<String, Write> writes = new HashMap<>();
    for (int key = 0; key < KEYS; key++) {
      writes.put(
          "key" + key,
          Write.set(++sequence, random(1000 + round), Set.of(), 0, false, 0, Write.NEVER));
    }
    backend.apply(new MapCut(sequence, Map.of("default", writes)), true);
  }

  private boolean step() throws IOException {
    return backend.maintain(Load.IDLE) == StorageBackend.AT_ONCE;
  }

  /** What had been in the window when the other one began may have left it since. */
  @Test
  void whatIsAskedForGoesByWhatIsOldWhenItsTurnComes() throws IOException, InterruptedException {
    for (int round = 0; round < 5; round++) {
      overwrite(round);
    }
    time.advance(Duration.ofMinutes(40));
    for (int round = 5; round < 10; round++) {
      overwrite(round);
    }
    time.advance(Duration.ofMinutes(30));
    long before = backend.stats().compactions();
    while (backend.stats().compactions() == before) {
      assertThat(step()).as("it has begun by itself, with the first five").isTrue();
    }
    time.advance(Duration.ofMinutes(40)); // By now, all ten are old.

    try (CompactionRequest request = backend.compact()) {
      boolean more = true;
      while (more) {
        more = step();
      }
      assertThat(request.await()).isTrue();
      assertThat(request.figures().heldByHistory()).isZero();
      assertThat(request.figures().bytesAfter()).isLessThan(2 * KEYS * 1100L);
    }
  }

  @Test
  void whoAsksWhenItIsClosedIsRefusedAndWhoWaitsIsTold() throws IOException {
    overwrite(0);
    overwrite(1);
    CompactionRequest waiting = backend.compact();
    backend.close();

    assertThatThrownBy(waiting::await)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> backend.compact())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
