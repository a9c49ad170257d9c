package io.nadb.internal.store;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ConflictException;
import io.nadb.Durability;
import io.nadb.SetOptions;
import io.nadb.TimeSource;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A look into the backend that is overtaken: before it comes back, somebody else has written the
 * key, and a flush has taken that out of the buffer, where it would have been noticed.
 */
class OvertakenLookTest {
  private static final EngineSettings SETTINGS =
      new EngineSettings(
          "test",
          1 << 20,
          Optional.empty(),
          Optional.empty(),
          Durability.BUFFERED,
          Duration.ofDays(1));

  private final InstantSource clock = () -> Instant.ofEpochMilli(1);
  private final MemoryBackend memory = new MemoryBackend();
  private final WriteBuffer buffer = new WriteBuffer(SETTINGS, TimeSource.system(), 0, () -> {});

  /** What happens when a look at the key a has found something, one for each look. */
  private final ArrayDeque<Runnable> overtaking = new ArrayDeque<>();

  private final LayeredReader reader = new LayeredReader("test", buffer, new Overtaken());

  /** A backend whose answers take their time. */
  private final class Overtaken extends ForwardingBackend {
    Overtaken() {
      super(memory);
    }

    @Override
    public @Nullable StoredValue read(String namespace, String key) throws IOException {
      StoredValue found = super.read(namespace, key);
      overtake(key);
      return found;
    }

    @Override
    public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
      StoredEntry found = super.entry(namespace, key);
      overtake(key);
      return found;
    }

    private void overtake(String key) {
      if (key.equals("a") && !overtaking.isEmpty()) {
        overtaking.remove().run();
      }
    }
  }

  @BeforeEach
  void begin() {
    set("a", "v");
    flush();
  }

  private BufferTransaction transaction() {
    return new BufferTransaction("test", clock, buffer, reader, buffer::commit);
  }

  private void set(String key, String value) {
    buffer.commit(WriteBatch.set("n", key, utf8(value), Set.of(), clock.millis(), Write.NEVER));
  }

  private void flush() {
    WriteBuffer.Sealed sealed = Objects.requireNonNull(buffer.seal());
    memory.apply(sealed.all(), true);
    buffer.drop();
  }

  private void overtake() {
    set("a", "w");
    flush();
  }

  @Test
  void theFirstLookIsOvertaken() {
    BufferTransaction transaction = transaction();
    overtaking.add(this::overtake);
    transaction.read("n", "a", true);
    transaction.set("n", "b", utf8("x"), SetOptions.none());

    assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
  }

  @Test
  void theLookThatMovesTheMomentIsOvertaken() {
    BufferTransaction transaction = transaction();
    transaction.read("n", "a", true);
    set("b", "x");
    flush(); // From here on, whether a has changed must be looked up.
    overtaking.add(this::overtake);

    assertThatThrownBy(() -> transaction.read("n", "b", true))
        .isInstanceOf(ConflictException.class);
    assertThat(overtaking).isEmpty();
  }

  @Test
  void theLookOfTheCommitIsOvertaken() {
    BufferTransaction transaction = transaction();
    transaction.read("n", "a", true);
    transaction.set("n", "b", utf8("x"), SetOptions.none());
    set("c", "x");
    flush();
    overtaking.add(this::overtake);

    assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
    assertThat(overtaking).isEmpty();
  }

  @Test
  void whatIsOvertakenByOthersGoesThrough() {
    BufferTransaction transaction = transaction();
    transaction.read("n", "a", true);
    transaction.set("n", "b", utf8("x"), SetOptions.none());
    for (int i = 0; i < 3; i++) {
      overtaking.add(
          () -> {
            set("c", "y");
            flush();
          });
    }
    set("c", "x");
    flush();

    assertThat(transaction.commit()).isEqualTo(buffer.sequence());
    assertThat(overtaking).isEmpty();
  }
}
