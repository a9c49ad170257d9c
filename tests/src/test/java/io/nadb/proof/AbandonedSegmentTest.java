package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.SimulatedDisk;
import io.nadb.testkit.disk.SimulatedDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A segment that ends in half a cut which could not even be cut off. */
class AbandonedSegmentTest {
  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();

  private String url() {
    return "nadb:fs:" + temp + "?segment=64kb&flush=off&sweep=1s&metadata=none";
  }

  @Test
  void itsEndIsStillKnownWhenTheSegmentThatTellsItHasBeenCompactedAway() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(temp.resolve("main"));
    try (StoreRegistry registry = new NadbRegistryProvider().create(time, disk);
        KeyValueStore store = registry.open(url())) {
      store.set("stays", new byte[40_000]);
      store.flush();
      int write = disk.count();
      disk.failing(index -> index == write ? Fault.HALF_DONE : Fault.REFUSED);
      store.set("torn", new byte[5_000]);
      assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
      disk.heal();
      for (int i = 0; i < 8; i++) {
        store.set("torn", new byte[30_000 + i]);
        store.flush();
      }
      assertThat(segment(2)).exists();
      time.advance(Duration.ofSeconds(10));
      assertThat(segment(2)).as("all of it was overwritten").hasSize(200);
    }
    try (StoreRegistry registry = new NadbRegistryProvider().create(time, disk);
        KeyValueStore store = registry.open(url())) {
      assertThat(store.get("stays").orElseThrow()).hasSize(40_000);
      assertThat(store.get("torn").orElseThrow()).hasSize(30_007);
    }
  }

  private Path segment(int ordinal) {
    return temp.resolve("main/log/000000000" + ordinal + ".seg");
  }
}
