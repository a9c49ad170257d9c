package io.nadb.registry;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine's wall clock is set while stores are open. */
class ClockStepTest {
  private final VirtualTime time = new VirtualTime();
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsUpdatedAfterTheClockWentBackIsNotOlderThanItself(boolean flushed) {
    for (String url : new String[] {"nadb:mem:x", "nadb:fs:" + directory}) {
      try (StoreRegistry registry = StoreRegistry.create(time);
          KeyValueStore store = registry.open(url)) {
        store.set("k", new byte[1], SetOptions.tags("t"));
        Instant created = time.now();
        if (flushed) {
          store.flush();
        }
        time.shiftClock(ofHours(-1));
        store.set("k", new byte[2], SetOptions.tags("t"));
        expectConsistent(store, created);
        store.flush();
        expectConsistent(store, created);
        time.shiftClock(ofHours(1));
        time.advance(ofSeconds(1));
        store.set("k", new byte[2]);
        assertThat(store.metadata("k").orElseThrow().updated()).isEqualTo(created.plusSeconds(1));
      }
    }
  }

  private static void expectConsistent(KeyValueStore store, Instant created) {
    EntryMetadata metadata = store.metadata("k").orElseThrow();
    assertThat(metadata.created()).isEqualTo(created);
    assertThat(metadata.updated()).isEqualTo(created);
    assertThat(store.queryByTags("t")).containsExactly(metadata);
  }

  @Test
  void aClockThatJumpsForwardEndsWhatItPasses() {
    try (StoreRegistry registry = StoreRegistry.create(time);
        KeyValueStore store = registry.open("nadb:mem:x")) {
      store.set("k", new byte[1], SetOptions.ttl(ofHours(1)));
      time.shiftClock(ofHours(1));
      assertThat(store.get("k")).isEmpty();
      time.shiftClock(ofHours(-1));
      assertThat(store.get("k")).as("not swept yet").isPresent();
    }
  }
}
