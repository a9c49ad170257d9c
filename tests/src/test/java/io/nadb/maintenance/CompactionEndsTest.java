package io.nadb.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testkit.disk.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a compaction that was asked for ends before its time, and what others do meanwhile. */
@Timeout(60)
class CompactionEndsTest extends GarbageStore {

  @Test
  void progressGoesFromNothingToAll() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    List<Long> told = new ArrayList<>();
    List<Long> totals = new ArrayList<>();

    CompactionResult result =
        Compaction.of(store)
            .reporting(
                (bytes, total) -> {
                  told.add(bytes);
                  totals.add(total);
                })
            .run();

    assertThat(told).isSorted().startsWith(0L).endsWith(totals.get(0));
    assertThat(totals).containsOnly(totals.get(0));
    assertThat(totals.get(0)).isBetween(result.bytesBefore() / 2, result.bytesBefore());
  }

  @Test
  void whatAListenerThrowsEndsItAndHarmsNothing() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    Map<String, String> before = content(store);
    Compaction failing =
        Compaction.of(store)
            .reporting(
                (bytes, total) -> {
                  throw new IllegalStateException("enough");
                });

    assertThatThrownBy(failing::run).hasMessage("enough");

    assertThat(content(store)).isEqualTo(before);
    compact(store);
    assertThat(compact(store).rewritten()).isZero();
    assertThat(content(store)).isEqualTo(before);
  }

  @Test
  void anInterruptedCallLeavesASoundStore() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    Map<String, String> before = content(store);
    Compaction interrupted =
        Compaction.of(store).reporting((bytes, total) -> Thread.currentThread().interrupt());

    assertThatThrownBy(interrupted::run).isInstanceOf(InterruptedException.class);

    assertThat(Thread.interrupted()).isFalse();
    assertThat(content(store)).isEqualTo(before);
    restart();
    store = open();
    assertThat(content(store)).isEqualTo(before);
    compact(store);
    assertThat(content(store)).isEqualTo(before);
  }

  @Test
  void ofTwoAtOnceOneComesAfterTheOther() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    Map<String, String> before = content(store);
    List<CompletableFuture<CompactionResult>> second = new ArrayList<>();

    CompactionResult first =
        Compaction.of(store)
            .reporting(
                (bytes, total) -> {
                  if (second.isEmpty()) {
                    second.add(CompletableFuture.supplyAsync(() -> uninterrupted(store)));
                  }
                })
            .run();

    assertThat(first.rewritten()).isPositive();
    assertThat(second.get(0).join().rewritten()).isZero();
    assertThat(content(store)).isEqualTo(before);
  }

  private static CompactionResult uninterrupted(KeyValueStore store) {
    try {
      return compact(store);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFailingDiskLosesNothingAndItCanBeTriedAgain() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(temp.resolve("data/main"));
    Map<String, String> before;
    try (StoreRegistry failing = new NadbRegistryProvider().create(time, disk)) {
      KeyValueStore store = failing.open(url());
      fillWithAQuarterOfGarbage(store);
      before = content(store);
      int begun = disk.count();
      disk.failing(index -> index > begun + 4 ? SimulatedDisk.Fault.REFUSED : null);

      assertThatThrownBy(() -> compact(store))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("nothing is lost");

      disk.heal();
      assertThat(content(store)).isEqualTo(before);
      assertThat(compact(store).bytesAfter()).isLessThan(KEYS * (VALUE_BYTES + 120L));
      assertThat(content(store)).isEqualTo(before);
    }
    assertThat(content(open())).isEqualTo(before);
  }

  @Test
  void whoClosesTheStoreMeanwhileEndsIt() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    Map<String, String> before = content(store);
    Compaction closing = Compaction.of(store).reporting((bytes, total) -> registry.close());

    assertThatThrownBy(closing::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");

    assertThatThrownBy(() -> compact(store))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    restart();
    assertThat(content(open())).isEqualTo(before);
  }
}
