package io.nadb.contract;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.Snapshot;
import io.nadb.StoreRegistry;
import io.nadb.testing.Warnings;
import io.nadb.testkit.VirtualTime;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A snapshot that nobody can reach any more is closed; when, the garbage collector decides. */
@Timeout(60)
class ForgottenSnapshotIT {

  @Test
  void aForgottenSnapshotIsClosedAndTheLogSaysWhereItWasOpened() {
    Warnings warnings = Warnings.listen();
    // On virtual time, nobody goes on before the background thread has said what it found.
    try (StoreRegistry registry = StoreRegistry.create(new VirtualTime())) {
      KeyValueStore store = registry.open("nadb:mem:forgotten");
      store.set("k", utf8("v"));
      try (Snapshot kept = store.snapshot()) {
        WeakReference<Snapshot> forgotten = forget(store);
        while (store.stats().openSnapshots() > 1) {
          assertThat(kept.get("k")).isPresent();
          System.gc();
          store.snapshot().close(); // Whoever opens one looks for those.
        }
        assertThat(forgotten.refersTo(null)).isTrue();
      }
      assertThat(warnings.texts())
          .singleElement()
          .asString()
          .contains("a snapshot was not closed")
          .contains("it was opened here");
    }
  }

  private static WeakReference<Snapshot> forget(KeyValueStore store) {
    Snapshot snapshot = store.snapshot();
    assertThat(snapshot.namespace("other").size()).isZero();
    return new WeakReference<>(snapshot);
  }
}
