package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.HistoryLostException;
import io.nadb.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Snapshots of a modelled store, of now and of earlier moments, and what they must show. */
final class ModelSnapshots {
  private static final int MOST = 5;

  private final ModelWorld world;
  private final List<Shown> open = new ArrayList<>();

  /** What a snapshot must show, as long as it is open. */
  private record Shown(Snapshot snapshot, StoreModel.View view) {}

  ModelSnapshots(ModelWorld world) {
    this.world = world;
  }

  void open() {
    if (open.size() == MOST) {
      open.remove(world.random.nextInt(MOST)).snapshot.close();
    } else if (world.random.nextBoolean()) {
      open.add(new Shown(world.store().snapshot(), world.now(world.model())));
    } else {
      openEarlier();
    }
  }

  /** As of a moment since the first flush. */
  private void openEarlier() {
    Instant now = world.time.now();
    List<ModelWorld.Boundary> all = List.copyOf(world.boundaries().values());
    Instant moment = all.get(world.random.nextInt(all.size())).time();
    StoreModel.View expected = world.boundary(0).model().at(moment);
    for (Map.Entry<Long, ModelWorld.Boundary> each : world.boundaries().entrySet()) {
      boolean durable = each.getKey() <= world.store().durableSequence();
      if (durable && !each.getValue().time().isAfter(moment)) {
        expected = each.getValue().model().at(moment);
      }
    }
    try {
      open.add(new Shown(world.store().snapshotAt(moment), expected));
    } catch (HistoryLostException e) {
      boolean nothing = world.store().durableSequence() == 0;
      assertThat(nothing || !moment.isAfter(now.minus(ModelWorld.WINDOW)) || isFirst(moment))
          .as("at %s, now %s: %s", moment, now, e.getMessage())
          .isTrue();
    }
  }

  /** Before the first cut there is nothing that could be shown. */
  private boolean isFirst(Instant moment) {
    return world.boundaries().entrySet().stream()
        .filter(each -> each.getKey() > 0)
        .allMatch(each -> each.getValue().time().isAfter(moment));
  }

  void check() {
    for (Shown each : open) {
      assertThat(StoreModel.read(each.snapshot, world.load.universe()))
          .as("shown of write %s", each.snapshot.sequence())
          .isEqualTo(each.view);
    }
  }

  void closeAll() {
    open.forEach(each -> each.snapshot.close());
    open.clear();
  }
}
