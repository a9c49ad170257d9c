package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Durability;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.internal.watch.Origin;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SweeperTest {
  private final VirtualTime time = new VirtualTime();
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
  private Consumer<String> afterLook = key -> {};
  private final Sweeper sweeper =
      new Sweeper(
          "test",
          time,
          time::now,
          buffer,
          new LayeredReader("test", buffer, afterLook(backend)),
          new Flusher(settings, time, buffer, backend, probe));

  /** Does something when an entry has been looked up. */
  private StorageBackend afterLook(StorageBackend real) {
    return new ForwardingBackend(real) {
      @Override
      public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
        StoredEntry entry = super.entry(namespace, key);
        afterLook.accept(key);
        return entry;
      }
    };
  }

  private void storeExpiredEntry() {
    storeExpired("k");
  }

  private void storeExpired(String... keys) {
    long past = time.now().toEpochMilli() - 1;
    Map<String, Write> writes = new HashMap<>();
    for (String key : keys) {
      writes.put(key, Write.set(1, new byte[1], Set.of(), past, false, past, past));
    }
    backend.apply(new MapCut(1, Map.of("n", writes)), true);
  }

  @Test
  void whatIsWrittenWhileASweepLooksSurvivesAndTheRestIsRemovedTogether() {
    storeExpired("a", "b", "c");
    afterLook =
        key -> {
          if (key.equals("c") && buffer.sequence() == 1) { // The last one, for the first time.
            buffer.commit(WriteBatch.set("n", "b", new byte[2], Set.of(), 0, Write.NEVER));
          }
        };

    assertThat(sweeper.sweep("n")).isEqualTo(2);
    MemTable active = buffer.layers().active();
    assertThat(active.get("n", "a")).isNotNull().matches(Write::isExpiry);
    assertThat(active.get("n", "b")).isNotNull().matches(write -> write.value().length == 2);
    assertThat(active.get("n", "c")).isNotNull().matches(Write::isExpiry);
    assertThat(buffer.sequence()).as("one number each").isEqualTo(1 + 1 + 2);
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
