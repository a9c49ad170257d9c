package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.Durability;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.spi.Write;
import io.nadb.testkit.VirtualTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Readers that take no lock, against batches of many keys. */
class BatchRaceTest {
  private static final int KEYS = 2000;
  private static final int ROUNDS = 400;

  private final WriteBuffer buffer =
      new WriteBuffer(
          new EngineSettings(
              "test",
              1 << 20,
              Optional.empty(),
              Optional.empty(),
              Durability.BUFFERED,
              Duration.ofSeconds(30)),
          new VirtualTime(),
          0,
          () -> {});
  private final MemoryBackend backend = new MemoryBackend();
  private final LayeredReader reader = new LayeredReader("test", buffer, backend);

  /** Sets all keys to the same number, in the order of their names. */
  private void write(int round) {
    byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(round).array();
    Map<String, Write> writes = new LinkedHashMap<>();
    for (int i = 0; i < KEYS; i++) {
      writes.put("key" + i, Write.set(0, value, Set.of(), 0, true, 0, Write.NEVER));
    }
    buffer.commit(WriteBatch.unlimited(Map.of("n", writes), List.of()));
    if (round % 3 == 0) {
      WriteBuffer.Sealed sealed = buffer.seal();
      if (sealed != null && round % 2 == 0) { // Else the flush has failed.
        backend.apply(sealed.all(), true);
        buffer.drop();
      }
    }
  }

  private int read(int key) {
    byte[] value = reader.value("n", "key" + key, () -> 0);
    return value == null ? 0 : ByteBuffer.wrap(value).getInt();
  }

  private FutureTask<Boolean> startWriter() {
    FutureTask<Boolean> writer =
        new FutureTask<>(
            () -> {
              for (int round = 1; round <= ROUNDS; round++) {
                write(round);
              }
              return true;
            });
    Thread thread = new Thread(writer);
    thread.setDaemon(true);
    thread.start();
    return writer;
  }

  @Test
  void whoHasSeenOneWriteOfABatchSeesAllOfIt() throws Exception {
    FutureTask<Boolean> writer = startWriter();
    int seen = 0;
    for (int n = 1; !writer.isDone(); n++) {
      int first = read(n % 10);
      int last = read(KEYS - 1 - n % 10);
      assertThat(last)
          .as("what was written last, after the first showed")
          .isGreaterThanOrEqualTo(first);
      assertThat(first).as("time goes on").isGreaterThanOrEqualTo(seen);
      seen = last;
    }
    writer.get();
    assertThat(read(0)).isEqualTo(ROUNDS);
  }

  /** A transaction begins at the number, and asks no more about what is not newer. */
  @Test
  void whoHasSeenTheNumberOfABatchSeesAllOfIt() throws Exception {
    FutureTask<Boolean> writer = startWriter();
    for (int n = 1; !writer.isDone(); n++) {
      long number = buffer.sequence();
      assertThat(number % KEYS).as("the number of half a batch").isZero();
      assertThat(read(KEYS - 1 - n % 10))
          .as("what was written last, after its number showed")
          .isGreaterThanOrEqualTo((int) (number / KEYS));
    }
    writer.get();
    assertThat(buffer.sequence()).isEqualTo((long) ROUNDS * KEYS);
  }
}
