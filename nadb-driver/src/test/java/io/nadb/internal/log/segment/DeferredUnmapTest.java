package io.nadb.internal.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link ReaderEpochs} and {@link DeferredUnmap}: nothing is unmapped under a reader. */
class DeferredUnmapTest {
  private static final Path MAPS = Path.of("/proc/self/maps");

  @TempDir Path directory;
  private final ReaderEpochs gate = new ReaderEpochs();
  private final DeferredUnmap retirement = new DeferredUnmap(gate);

  @BeforeEach
  void linux() {
    assumeTrue(Files.exists(MAPS), "only Linux tells what is mapped");
  }

  private MappedFile map(String name) throws IOException {
    return MappedFile.map(Files.writeString(directory.resolve(name), "content"), 7);
  }

  private boolean isMapped(String name) throws IOException {
    return Files.readString(MAPS).contains(directory.toRealPath().resolve(name).toString());
  }

  @Test
  void whatNobodyReadsIsUnmappedAtTheSecondStep() throws IOException {
    retirement.retire(map("a"));
    assertThat(isMapped("a")).isTrue();
    assertThat(retirement.step()).as("somebody may have come in before").isTrue();
    assertThat(retirement.step()).isFalse();
    assertThat(isMapped("a")).isFalse();
  }

  @Test
  void aReaderWhoWasThereBeforeIsWaitedForAndLaterOnesAreNot() throws IOException {
    int early = gate.enter();
    retirement.retire(map("a"));
    retirement.step();
    int late = gate.enter();
    assertThat(retirement.step()).as("something can be done before the reader leaves").isFalse();
    assertThat(retirement.isWaiting()).isTrue();
    assertThat(isMapped("a")).isTrue();

    gate.exit(early);
    assertThat(retirement.step()).isFalse();
    assertThat(retirement.isWaiting()).isFalse();
    assertThat(isMapped("a")).isFalse();
    gate.exit(late);
  }

  @Test
  void whatComesWhileOthersWaitIsKeptForTheReadersOfThatTime() throws IOException {
    int first = gate.enter();
    retirement.retire(map("a"));
    retirement.step();
    int second = gate.enter();
    retirement.retire(map("b"));
    assertThat(retirement.step()).isFalse();
    gate.exit(second);
    assertThat(retirement.step()).isFalse();
    assertThat(isMapped("a")).as("the first reader may be in it").isTrue();

    int third = gate.enter();
    gate.exit(first);
    assertThat(retirement.step()).isFalse();
    assertThat(isMapped("a")).isFalse();
    assertThat(retirement.step()).isFalse();
    assertThat(isMapped("b")).as("the third reader may be in it").isTrue();

    gate.exit(third);
    assertThat(retirement.step()).isFalse();
    assertThat(isMapped("b")).isFalse();
  }

  @Test
  void drainingAsksNobody() throws IOException {
    int reader = gate.enter();
    retirement.retire(map("a"));
    retirement.step();
    retirement.retire(map("b"));
    retirement.drain();
    assertThat(isMapped("a")).isFalse();
    assertThat(isMapped("b")).isFalse();
    assertThat(retirement.step()).isFalse();
    gate.exit(reader);
  }

  @Test
  void readersOnAnyNumberOfThreadsAreCounted() throws InterruptedException {
    int[] tickets = new int[100];
    Thread[] threads = new Thread[tickets.length];
    for (int i = 0; i < tickets.length; i++) {
      int number = i;
      threads[i] = new Thread(() -> tickets[number] = gate.enter());
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    int set = gate.flip();
    assertThat(gate.isEmpty(1 - set)).isTrue();
    for (int ticket : tickets) {
      assertThat(gate.isEmpty(set)).isFalse();
      gate.exit(ticket);
    }
    assertThat(gate.isEmpty(set)).isTrue();
    assertThat(gate.flip()).isEqualTo(1 - set);
  }
}
