package io.nadb.internal.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.internal.log.NewLogs;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentSetTest {
  @TempDir Path directory;

  @Test
  void noTwoSegmentsGetTheSameHandleWhoeverAsks() throws InterruptedException {
    SegmentSet state = NewLogs.state(directory, StorageIo.system());
    Set<Integer> handles = ConcurrentHashMap.newKeySet();
    Runnable asking =
        () -> {
          for (int i = 0; i < 10_000; i++) {
            handles.add(state.nextHandle());
          }
        };
    Thread other = new Thread(asking);
    other.start();
    asking.run();
    other.join();
    assertThat(handles).hasSize(20_000);
  }

  @Test
  void segmentsAreFoundInWhateverOrderTheyAreAdded() throws IOException {
    SegmentSet state = NewLogs.state(directory, StorageIo.system());
    int early = state.nextHandle();
    int late = state.nextHandle();
    Segment second = segment(state, 2, late);
    Segment first = segment(state, 1, early);
    state.add(second);
    state.add(first);
    assertThat(state.segmentAt(Position.of(early, 64, 64, 0))).isSameAs(first);
    assertThat(state.segmentAt(Position.of(late, 64, 64, 0))).isSameAs(second);
    assertThat(state.segments()).containsExactly(first, second);
    state.remove(first);
    assertThat(state.segments()).containsExactly(second);
    assertThat(first.isRemoved()).isTrue();
    assertThat(second.isRemoved()).isFalse();
    state.closeContents();
  }

  @Test
  void aReaderFindsAndReadsASegmentThatIsRemovedMeanwhileUntilItLeaves() throws IOException {
    SegmentSet state = NewLogs.state(directory, StorageIo.system());
    Segment segment = segment(state, 1, state.nextHandle());
    long position = Position.of(segment.handle(), 64, 64, 0);
    state.add(segment);
    int early = state.gate().enter();
    state.remove(segment);
    for (int i = 0; i < 5; i++) {
      assertThat(state.retirement().step()).as("there is nothing to be done but wait").isFalse();
      assertThat(state.retirement().isWaiting()).isTrue();
      assertThat(state.segmentOf(position)).isSameAs(segment);
    }

    int between = state.gate().enter();
    state.gate().exit(early);
    state.retirement().step();
    assertThat(state.segmentAt(position)).as("it can't be found any more").isNull();
    state.retirement().step();
    assertThat(segment.content().byteAt(0)).as("one who had found it may be reading").isNotZero();

    state.gate().exit(between);
    assertThat(state.retirement().step()).isFalse();
    assertThat(state.retirement().isWaiting()).isFalse();
    assertThatThrownBy(() -> state.segmentOf(position))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a segment that is gone");
  }

  @Test
  void whatIsAppendedAfterAMomentIsNeverTakenForOlder() throws Exception {
    SegmentSet state = NewLogs.state(directory, StorageIo.system());
    Segment first = segment(state, 1, state.nextHandle());
    state.add(first);
    FutureTask<Segment> appending =
        new FutureTask<>(
            () -> {
              Segment last = first;
              for (long ordinal = 2; ordinal < 20_000; ordinal++) {
                Segment next =
                    new Segment(
                        state.nextHandle(),
                        first.file(),
                        state.header(ordinal, 0, 0),
                        first.content(),
                        SegmentFormat.HEADER_BYTES);
                state.add(next);
                state.remove(last);
                last = next;
              }
              return last;
            });
    new Thread(appending).start();
    while (!appending.isDone()) {
      try (Moment moment = Moment.now(state)) {
        Segment last = state.byOrdinal().lastEntry().getValue(); // Then, or it came later.
        long appended = Position.of(last.handle(), SegmentFormat.HEADER_BYTES, 64, 0);
        assertThat(moment.age(appended)).isNotEqualTo(Moment.Age.OLDER);
      }
    }
    assertThat(state.segments()).containsExactly(appending.get());
    first.content().close();
  }

  private Segment segment(SegmentSet state, long ordinal, int handle) throws IOException {
    Path file = LogFiles.segment(directory, ordinal);
    SegmentHeader header = state.header(ordinal, 0, 0);
    Files.write(file, header.toBytes());
    MappedFile mapping = MappedFile.map(file, SegmentFormat.HEADER_BYTES);
    return new Segment(handle, file, header, mapping, SegmentFormat.HEADER_BYTES);
  }
}
