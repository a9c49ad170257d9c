package io.nadb.internal.log.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.TagFilter;
import io.nadb.internal.log.index.OldPositions;
import io.nadb.internal.log.segment.Moment;
import io.nadb.testing.WaitingThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.StampedLock;
import org.junit.jupiter.api.Test;

/**
 * Counting while a record is being replaced by somebody who began to before the moment that is
 * counted: the index leads to the new one, and the old one is not known to be outdated yet.
 */
class ReplacedAmidCountTest extends ListedLog {
  private static final Set<String> APPLIED = Set.of("key");

  /** What a writer takes who notes for an older moment that a position is replaced. */
  private static StampedLock lockOf(OldPositions older) throws ReflectiveOperationException {
    Field positions = OldPositions.class.getDeclaredField("positions");
    positions.setAccessible(true);
    Field lock = positions.getType().getDeclaredField("lock");
    lock.setAccessible(true);
    return (StampedLock) lock.get(positions.get(older));
  }

  private void overwrite() {
    try {
      write(Map.of("default", Map.of("key", tagged("t"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The buffer has the key that is being applied: it must not be counted here. */
  @Test
  void theKeyThatIsBeingAppliedIsNotCounted() throws Exception {
    queries.secondary().complete();
    write(Map.of("default", Map.of("key", tagged("t"), "other", tagged("t"))));
    AtomicReference<OptionalLong> count = new AtomicReference<>();
    AtomicReference<Optional<Map<String, Long>>> counts = new AtomicReference<>();
    StampedLock noting = lockOf(state.index().keepOld());
    long stamp = noting.readLock();
    FutureTask<Boolean> writer = WaitingThread.start(this::overwrite);
    try (Moment moment = new Moment(state, sequence, state.gate().enter())) {
      FutureTask<Boolean> one =
          WaitingThread.start(
              () -> count.set(queries.count(moment, "default", TagFilter.all("t"), 0, APPLIED)));
      FutureTask<Boolean> each =
          WaitingThread.start(() -> counts.set(queries.countTags(moment, "default", 0, APPLIED)));
      noting.unlockRead(stamp);
      writer.get();
      one.get();
      each.get();
    }

    assertThat(count.get()).hasValue(1);
    assertThat(counts.get()).hasValue(Map.of("t", 1L));
  }
}
