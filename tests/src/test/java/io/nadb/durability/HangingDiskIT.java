package io.nadb.durability;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbTimeoutException;
import io.nadb.StoreRegistry;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that hangs while the sync thread writes to it, in real time. */
class HangingDiskIT {
  /** Far longer than anything here should take. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final StoreRegistry registry = StoreRegistry.create();
  private final Faults faults = FaultyDriver.install(registry, "fs");
  @TempDir private Path directory;

  @AfterEach
  void close() {
    faults.release();
    registry.close();
  }

  private KeyValueStore hanging() throws InterruptedException {
    KeyValueStore store =
        registry.open("nadb:fs:" + directory + "?buffer=1kb&flush=off&write-timeout=200ms");
    faults.block();
    store.set("a", new byte[1100]);
    faults.awaitBlocked();
    return store;
  }

  @Test
  void writersGiveUpAndReadersGoOn() throws Exception {
    KeyValueStore store = hanging();
    store.set("b", new byte[800]);

    assertThatThrownBy(() -> store.set("c", new byte[500]))
        .isInstanceOf(NadbTimeoutException.class)
        .hasMessageContaining("no room within PT0.2S");
    assertThat(store.keys("")).containsExactly("a", "b");
    assertThat(store.get("a").orElseThrow()).hasSize(1100);
    faults.release();
    store.flush();
    assertThat(store.set("c", new byte[500])).isEqualTo(3);
  }

  @Test
  void otherStoresAreOpenedFlushedAndClosed() throws Exception {
    hanging();
    for (int i = 0; i < 2; i++) {
      try (KeyValueStore other = registry.open("nadb:mem:other?flush=off")) {
        other.set("k", utf8("v"));
        other.flush();
        assertThat(other.stats().flushCount()).isEqualTo(1);
      }
    }
  }

  @Test
  void aStoreThatCannotBeClosedKeepsNoOtherFromClosing() throws Exception {
    KeyValueStore store = hanging();
    KeyValueStore other = registry.open("nadb:mem:other?flush=off");
    Thread closing = new Thread(store::close);
    closing.start();
    other.set("k", utf8("v"));
    other.close();

    assertThat(closing.isAlive()).isTrue();
    faults.release();
    closing.join();
    assertThat(registry.status().running()).isFalse();
  }

  @Test
  void otherStoresAreFlushedByTimeAndBySizeAndTheHungOneRecoversWithItsDisk() throws Exception {
    KeyValueStore store = hanging();
    KeyValueStore other = registry.open("nadb:mem:other?buffer=1kb&flush=50ms");
    for (int i = 0; i < 3; i++) {
      long sequence = other.set("k", utf8("v" + i));
      assertThat(other.awaitDurable(sequence, PATIENCE)).as("by time").isTrue();
    }
    KeyValueStore third = registry.open("nadb:mem:third?buffer=1kb&flush=off");
    long sequence = third.set("k", new byte[1100]);
    assertThat(third.awaitDurable(sequence, PATIENCE)).as("by size").isTrue();
    assertThat(registry.status().stalled()).containsExactly(store.name());
    assertThat(registry.status().takeovers()).isPositive();
    assertThat(registry.status().running()).isTrue();
    assertThat(store.durableSequence()).isZero();

    faults.release();
    assertThat(store.awaitDurable(1, PATIENCE)).as("what hung").isTrue();
    sequence = store.set("b", new byte[1100]);
    assertThat(store.awaitDurable(sequence, PATIENCE)).as("in the background").isTrue();
    assertThat(store.stats().flushFailures()).isZero();
    other.close();
    third.close();
    assertThat(registry.status().stalled()).isEmpty();
  }

  @Test
  void oneHungStoreKeepsANewOneFromNothing() throws Exception {
    KeyValueStore store = hanging();
    try (KeyValueStore other = registry.open("nadb:mem:other?flush=50ms")) {
      assertThat(other.awaitDurable(other.set("k", utf8("v")), PATIENCE)).isTrue();
    }
    try (KeyValueStore other = registry.open("nadb:mem:other?flush=50ms")) {
      assertThat(other.awaitDurable(other.set("k", utf8("v")), PATIENCE)).isTrue();
    }
    assertThat(registry.status().stores()).containsExactly(store.name());
  }
}
