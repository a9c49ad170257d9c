package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.memory.MemoryBackend;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.StorageBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a backend is asked to go on with its background work, and what it is told. */
class UpkeepTest {
  private final Worker backend = new Worker();
  private final Upkeep upkeep = new Upkeep("test", backend);

  /** A backend that says when it wants to go on. */
  private static final class Worker extends ForwardingBackend {
    private final List<Load> loads = new ArrayList<>();
    private long next = Long.MAX_VALUE;

    Worker() {
      super(new MemoryBackend());
    }

    @Override
    public long maintain(Load load) {
      loads.add(load);
      return next;
    }
  }

  @Test
  void whatHasMoreToDoIsAskedAgain() {
    backend.next = StorageBackend.AT_ONCE;

    assertThat(upkeep.step(true)).isTrue();
    assertThat(upkeep.step(false)).isTrue();
    assertThat(upkeep.resumesAt()).as("nothing is to be waited for").isEqualTo(Long.MAX_VALUE);
    assertThat(backend.loads).containsExactly(StorageBackend.Load.IDLE, StorageBackend.Load.BUSY);
  }

  @Test
  void whatRestsIsPlannedAnewOnlyIfItWantsToGoOnSooner() {
    assertThat(upkeep.step(true)).isFalse();
    backend.next = 100;
    assertThat(upkeep.step(true)).as("sooner than never").isTrue();
    assertThat(upkeep.step(true)).as("as planned").isFalse();
    backend.next = 120;
    assertThat(upkeep.step(true)).as("later: what is planned for 100 asks again").isFalse();
    assertThat(upkeep.resumesAt()).isEqualTo(120);
    backend.next = 110;
    assertThat(upkeep.step(true)).as("sooner").isTrue();
  }

  @Test
  void aStoreThatHasGoneToSleepSaysSoOnce() {
    upkeep.step(true);
    upkeep.rest();
    upkeep.step(true);
    upkeep.step(true);

    assertThat(backend.loads)
        .containsExactly(
            StorageBackend.Load.IDLE, StorageBackend.Load.ASLEEP, StorageBackend.Load.IDLE);
  }
}
