package io.nadb.internal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.ConflictException;
import io.nadb.Durability;
import io.nadb.SetOptions;
import io.nadb.TimeSource;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.internal.store.LayeredReader.Latest;
import io.nadb.spi.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Threads write, read and commit while cuts are sealed, dropped and fail: in many interleavings,
 * chosen one by one, what each has seen is what it would have seen in some order of all.
 */
@Tag("proof")
class BufferInterleavingsTest {
  /** How many sets of calls are tried; a longer proof takes more. */
  private static final int SCENARIOS = Integer.getInteger("nadb.interleavings.scenarios", 30);

  private static final int RUNS_OF_EACH = 2000;

  private static final String[] KEYS = {"a", "b"};

  @Test
  void whatThreadsSeeIsWhatTheyWouldHaveSeenInSomeOrder() {
    new StressOptions()
        .threads(3)
        .actorsBefore(1)
        .actorsPerThread(4)
        .actorsAfter(1)
        .iterations(SCENARIOS)
        .invocationsPerIteration(RUNS_OF_EACH)
        .sequentialSpecification(OneByOne.class)
        .check(Buffered.class);
  }

  /** The buffer before a backend in memory, with what it takes to read and flush. */
  @Param(name = "key", gen = IntGen.class, conf = "0:1")
  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  public static final class Buffered {
    private static final Instant NOW = Instant.ofEpochMilli(1);
    private static final EngineSettings SETTINGS =
        new EngineSettings(
            "test",
            1 << 20,
            Optional.empty(),
            Optional.empty(),
            Durability.BUFFERED,
            Duration.ofDays(1));

    private final InstantSource clock = () -> NOW;
    private final MemoryBackend backend = new MemoryBackend();
    private final WriteBuffer buffer = new WriteBuffer(SETTINGS, TimeSource.system(), 0, () -> {});
    private final LayeredReader reader = new LayeredReader("test", buffer, backend);
    private final ReentrantLock flushing = new ReentrantLock();

    @Operation
    public void set(@Param(name = "key") int key, @Param(name = "value") int value) {
      buffer.commit(
          WriteBatch.set("n", KEYS[key], bytes(value), Set.of(), NOW.toEpochMilli(), Write.NEVER));
    }

    @Operation
    public int get(@Param(name = "key") int key) {
      return number(reader.value("n", KEYS[key], clock::millis));
    }

    @Operation
    public void setBoth(@Param(name = "value") int value) {
      transact(
          transaction -> {
            for (String key : KEYS) {
              transaction.set("n", key, bytes(value), SetOptions.none());
            }
            return 0;
          });
    }

    @Operation
    public int both() {
      return transact(transaction -> 10 * read(transaction, 0) + read(transaction, 1));
    }

    /** Sets one key to what the other one has, and one more; deletes it if that is too much. */
    @Operation
    public int follow(@Param(name = "key") int key) {
      return transact(
          transaction -> {
            int other = read(transaction, 1 - key);
            if (other == 9) {
              transaction.delete("n", KEYS[key]);
            } else {
              transaction.set("n", KEYS[key], bytes(other + 1), SetOptions.none());
            }
            return other;
          });
    }

    /** Both keys, of one moment, past any transaction. */
    @Operation
    public int seen() {
      Map<String, byte[]> values = reader.values("n", List.of(KEYS), clock.millis());
      return 10 * number(values.get(KEYS[0])) + number(values.get(KEYS[1]));
    }

    @Operation
    public void flush() {
      flushing.lock();
      try {
        WriteBuffer.Sealed sealed = buffer.seal();
        if (sealed != null) {
          backend.apply(sealed.all(), true);
          buffer.drop();
        }
      } finally {
        flushing.unlock();
      }
    }

    @Operation
    public void flushInVain() {
      flushing.lock();
      try {
        buffer.seal();
      } finally {
        flushing.unlock();
      }
    }

    private interface Body {
      int run(BufferTransaction transaction);
    }

    private int transact(Body body) {
      while (true) {
        BufferTransaction transaction =
            new BufferTransaction("test", clock, buffer, reader, buffer::commit);
        try {
          int result = body.run(transaction);
          if (!transaction.isReadOnly()) {
            transaction.commit();
          }
          return result;
        } catch (ConflictException e) {
          // Somebody else has got through.
        }
      }
    }

    private static int read(BufferTransaction transaction, int key) {
      Latest latest = transaction.read("n", KEYS[key], true);
      return latest == null ? 0 : number(latest.value());
    }

    private static byte[] bytes(int value) {
      return Integer.toString(value).getBytes(UTF_8);
    }

    private static int number(byte @Nullable [] value) {
      return value == null ? 0 : Integer.parseInt(new String(value, UTF_8));
    }
  }

  /** The same, one after another. */
  public static final class OneByOne {
    private final Map<Integer, Integer> values = new HashMap<>();

    public void set(int key, int value) {
      values.put(key, value);
    }

    public int get(int key) {
      return values.getOrDefault(key, 0);
    }

    public void setBoth(int value) {
      values.put(0, value);
      values.put(1, value);
    }

    public int both() {
      return 10 * get(0) + get(1);
    }

    public int seen() {
      return both();
    }

    public int follow(int key) {
      int other = get(1 - key);
      if (other == 9) {
        values.remove(key);
      } else {
        values.put(key, other + 1);
      }
      return other;
    }

    public void flush() {}

    public void flushInVain() {}
  }
}
