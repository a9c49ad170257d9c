package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.HistoryLostException;
import io.nadb.KeyValueStore;
import io.nadb.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What a store was after each of its cuts, to be compared with what it says that it was. */
final class KeptHistory {
  private final List<Cut> cuts = new ArrayList<>();

  /** How many comparisons there have been, and how many questions were refused. */
  int compared;

  int refused;

  /** A cut, and what the store had then. */
  record Cut(Instant time, StoreModel model) {}

  void add(Instant time, StoreModel model) {
    cuts.add(new Cut(time, model.copy()));
  }

  List<Cut> cuts() {
    return cuts;
  }

  /** Asks for the moment of each cut, for one between each two, and for the present. */
  void check(
      KeyValueStore store, Set<String> universe, Instant keptSince, Instant now, Random dice) {
    for (int i = 0; i < cuts.size(); i++) {
      Instant from = cuts.get(i).time;
      Instant to = i + 1 < cuts.size() ? cuts.get(i + 1).time : now.plusMillis(1);
      long gap = Duration.between(from, to).toMillis();
      if (gap > 0) { // Else the next one is of the same millisecond.
        check(store, universe, from, i, keptSince);
        check(store, universe, from.plusMillis(dice.nextInt((int) gap)), i, keptSince);
      }
    }
  }

  private void check(
      KeyValueStore store, Set<String> universe, Instant moment, int cut, Instant keptSince) {
    StoreModel.View expected = cuts.get(cut).model.at(moment);
    try (Snapshot snapshot = store.snapshotAt(moment)) {
      assertThat(snapshot.time()).isEqualTo(moment);
      assertThat(StoreModel.read(snapshot, universe)).as("at %s", moment).isEqualTo(expected);
      compared++;
    } catch (HistoryLostException e) {
      refused++;
      assertThat(moment).as(e.getMessage()).isBefore(keptSince);
      Instant earliest = e.earliest().orElseThrow();
      assertThat(moment).isBefore(earliest);
      store.snapshotAt(earliest).close();
      assertThatThrownBy(() -> store.snapshotAt(earliest.minusMillis(1)))
          .isInstanceOf(HistoryLostException.class);
    }
  }
}
