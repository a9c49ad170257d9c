package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Durability;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.internal.watch.Origin;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.spi.Write;
import io.nadb.testing.ManualTime;
import io.nadb.testing.MapCut;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SweeperTest {
  private final ManualTime time = new ManualTime();
  private final EngineSettings settings =
      new EngineSettings(
          "test",
          1024,
          Optional.empty(),
          Optional.empty(),
          Durability.BUFFERED,
          Duration.ofSeconds(30));
  private final WriteBuffer buffer = new WriteBuffer(settings, time, 1, () -> {});
  private final MemoryBackend backend = new MemoryBackend();
  private final StoreProbe probe =
      new StoreProbe(
          new Origin(
              "test",
              "nadb:mem:test",
              List.of(),
              this,
              () -> {
                throw new AssertionError("nobody asks");
              },
              time));
  private final Sweeper sweeper =
      new Sweeper(
          "test",
          time,
          time::now,
          buffer,
          new LayeredReader("test", buffer, backend),
          new Flusher(settings, time, buffer, backend, probe));

  private void storeExpiredEntry() {
    long past = time.now().toEpochMilli() - 1;
    Write expired = Write.set(1, new byte[1], Set.of(), past, false, past, past);
    backend.apply(new MapCut(1, Map.of("n", Map.of("k", expired))), true);
  }

  @Test
  void whatHasExpiredInTheBackendIsDeletedThroughTheBuffer() {
    storeExpiredEntry();

    assertThat(sweeper.sweepStep()).as("more to do").isFalse();
    assertThat(sweeper.removed()).isEqualTo(1);
    assertThat(buffer.layers().active().get("n", "k")).isNotNull().matches(Write::isDelete);
  }

  @Test
  void aSweepThatMeetsAClosingStoreEndsWithoutAFailure() {
    storeExpiredEntry();
    buffer.close("close was called");

    assertThat(sweeper.sweepStep()).as("more to do").isFalse();
    assertThat(sweeper.removed()).isZero();
    assertThatThrownBy(() -> sweeper.sweep("n")).hasMessageContaining("store is closed");
  }
}
