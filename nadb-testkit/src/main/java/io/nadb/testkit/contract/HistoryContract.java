package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a store was earlier is shown, or refused by name. */
interface HistoryContract extends Fixture {

  @Test
  default void whatAStoreWasIsShownOrRefusedByName() {
    store().set("key", utf8("then"));
    store().flush();
    Instant then = now();
    pass(Duration.ofSeconds(10));
    store().set("key", utf8("now"));
    store().flush();
    if (!store().capabilities().contains(StoreCapability.HISTORY)) {
      assertThatThrownBy(() -> store().snapshotAt(then))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining(store().name())
          .hasMessageContaining("'history'");
      return;
    }
    try (Snapshot snapshot = store().snapshotAt(then)) {
      assertThat(snapshot.get("key").map(Fixture::text)).contains("then");
      assertThat(snapshot.time()).isEqualTo(then);
    }
    assertThat(store().get("key").map(Fixture::text)).contains("now");
  }
}
