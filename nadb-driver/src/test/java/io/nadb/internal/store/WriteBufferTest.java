package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.Durability;
import io.nadb.spi.Write;
import io.nadb.testing.ManualTime;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WriteBufferTest {
  private static final int CAP = 2048;

  private final ManualTime time = new ManualTime();
  private final WriteBuffer buffer = buffer(Durability.BUFFERED);

  private WriteBuffer buffer(Durability durability) {
    return new WriteBuffer(
        new EngineSettings(
            "test",
            CAP / 2,
            Optional.empty(),
            Optional.empty(),
            durability,
            Duration.ofSeconds(30)),
        time,
        0,
        () -> {});
  }

  @Test
  void whatTheBackendIsGivenNeverChangesAnyMore() {
    WriteBuffer written = buffer(Durability.WRITTEN);
    MemTable taken = written.takeUnwritten();
    written.set("n", "a", new byte[1], Set.of(), 0, Write.NEVER);
    assertThat(taken.isEmpty()).as("taken before anything was written").isTrue();
    assertThat(written.takeUnwritten().size()).isEqualTo(1);
    WriteBuffer.Sealed sealed = Objects.requireNonNull(written.seal());
    written.set("n", "b", new byte[1], Set.of(), 0, Write.NEVER);
    assertThat(sealed.unwritten().isEmpty()).as("sealed when all was written").isTrue();
    assertThat(sealed.all().size()).isEqualTo(1);
    assertThat(written.takeUnwritten().sequence()).isEqualTo(2);
  }

  @Test
  void roomThatIsGivenBackUnusedGoesToTheNextInTheQueue() throws InterruptedException {
    buffer.reserve(2000);
    Thread writer = writer("a", 1500);
    time.untilWaiting(1);
    assertThat(buffer.isFull()).as("a writer waits").isTrue();
    buffer.release(2000);
    writer.join();
    assertThat(buffer.layers().active().get("n", "a")).isNotNull();
    assertThat(buffer.isFull()).as("1501 bytes are more than half of the cap").isTrue();
  }

  @Test
  void aWriterThatStillWaitsAfterAnotherWasAdmittedKeepsTheBufferFull()
      throws InterruptedException {
    buffer.reserve(1000);
    buffer.reserve(1000);
    Thread small = writer("small", 400);
    time.untilWaiting(1);
    Thread large = writer("large", 1900);
    time.untilWaiting(2);
    buffer.release(1000);
    small.join();
    assertThat(buffer.layers().active().bytes()).isLessThan(CAP / 2);
    assertThat(buffer.isFull()).as("the large one waits for a flush").isTrue();
    buffer.release(1000);
    assertThat(buffer.seal()).isNotNull();
    buffer.drop();
    large.join();
    assertThat(buffer.layers().active().get("n", "large")).isNotNull();
  }

  @Test
  void aReplacementUsesTheRoomItHasEvenIfOthersWait() throws InterruptedException {
    buffer.reserve(1900);
    Thread other = writer("other", 1990); // There is no room for it before the drop.
    time.untilWaiting(1);
    Write write = Write.delete(0, 0);
    assertThat(buffer.replace("n", "k", null, buffer.epoch(), write, 0))
        .isEqualTo(WriteBuffer.NO_ROOM);
    assertThat(buffer.replace("n", "k", null, buffer.epoch() - 1, write, 1900))
        .isEqualTo(WriteBuffer.CHANGED);
    assertThat(buffer.replace("n", "k", null, buffer.epoch(), write, 1900)).isPositive();
    buffer.release(1900);
    assertThat(buffer.seal()).isNotNull();
    buffer.drop();
    other.join();
    assertThat(buffer.layers().active().get("n", "other")).isNotNull();
  }

  private Thread writer(String key, int bytes) {
    Thread thread =
        new Thread(() -> buffer.set("n", key, new byte[bytes], Set.of(), 0, Write.NEVER));
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
