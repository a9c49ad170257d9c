package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Durability;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.RemovalListener;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.internal.store.WriteBuffer.Sealed;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others do while a writer looks up what it will remove. */
class RemovalLookupTest {
  private final VirtualTime time = new VirtualTime();
  private final EngineSettings settings =
      new EngineSettings(
          "test",
          1 << 20,
          Optional.empty(),
          Optional.empty(),
          Durability.BUFFERED,
          Duration.ofSeconds(30));
  private final WriteBuffer buffer = new WriteBuffer(settings, time, 0, () -> {});
  private final MemoryBackend backend = new MemoryBackend();
  private final AtomicInteger looks = new AtomicInteger();
  private Runnable duringTheLook = () -> {};
  private final LayeredReader reader = new LayeredReader("test", buffer, watched(backend));
  private final RemovalListeners listeners =
      new RemovalListeners(
          settings, time, new RemovalDelivery(time, "nadb-removals-test"), buffer, reader);
  private final List<Removal> told = new CopyOnWriteArrayList<>();
  private final RemovalListener listener = RemovalListener.withValues(told::add);

  /** Does something, once, when an entry has been looked up. */
  private StorageBackend watched(StorageBackend real) {
    return new ForwardingBackend(real) {
      @Override
      public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
        StoredEntry entry = super.entry(namespace, key);
        looks.incrementAndGet();
        Runnable now = duringTheLook;
        duringTheLook = () -> {};
        now.run();
        return entry;
      }
    };
  }

  @BeforeEach
  void anEntryIsStored() {
    set(1);
    flush();
    time.advance(Duration.ofSeconds(1));
  }

  @AfterEach
  void end() {
    listeners.end(true);
  }

  private long now() {
    return time.now().toEpochMilli();
  }

  private WriteBatch batch(int value) {
    return WriteBatch.set("n", "k", new byte[] {(byte) value}, Set.of(), now(), Write.NEVER);
  }

  private void set(int value) {
    buffer.commit(batch(value));
  }

  private void delete() {
    buffer.commit(
        WriteBatch.unlimited(Map.of("n", Map.of("k", Write.delete(0, now()))), List.of()));
  }

  private void flush() {
    Sealed cut = seal();
    backend.apply(cut.all(), true);
    buffer.drop();
  }

  private Sealed seal() {
    return Objects.requireNonNull(buffer.seal());
  }

  private List<Integer> values() {
    listeners.deliver();
    return told.stream().map(removal -> (int) removal.value().orElseThrow()[0]).toList();
  }

  private void expectCreated(long millis) {
    assertThat(told)
        .allMatch(removal -> removal.metadata().created().toEpochMilli() == millis, "creation");
  }

  @Test
  void whatWasSetMeanwhileIsWhatIsRemoved() {
    listeners.add("n", listener);
    duringTheLook = () -> set(2);
    set(3);

    assertThat(values()).containsExactly(1, 2);
    assertThat(told).extracting(Removal::sequence).containsExactly(2L, 3L);
    expectCreated(now() - 1000);
  }

  @Test
  void whatWasSetAndFlushedMeanwhileIsWhatIsRemoved() {
    listeners.add("n", listener);
    duringTheLook =
        () -> {
          set(2);
          flush();
        };
    set(3);

    assertThat(values()).containsExactly(1, 2);
    expectCreated(now() - 1000);
  }

  @Test
  void whatWasDeletedMeanwhileIsRemovedOnce() {
    listeners.add("n", listener);
    duringTheLook = this::delete;
    set(3);
    assertThat(values()).containsExactly(1);
    flush();
    duringTheLook =
        () -> {
          delete();
          flush();
        };
    set(4);

    assertThat(values()).containsExactly(1, 3);
    assertThat(told).extracting(Removal::cause).containsOnly(RemovalCause.DELETED);
  }

  @Test
  void whatIsBeingFlushedIsFoundWhetherTheFlushEndsOrNot() {
    listeners.add("n", listener);
    set(2);
    Sealed cut = seal();
    duringTheLook =
        () -> {
          backend.apply(cut.all(), true);
          buffer.drop();
        };
    set(3);
    seal();
    set(4);
    buffer.seal();
    set(5);

    assertThat(values()).containsExactly(1, 2, 3, 4);
    expectCreated(now() - 1000);
  }

  @Test
  void anEntryThatCameIntoBeingInACutUnderWayIsAsOldAsThat() {
    delete();
    flush();
    set(2);
    long created = now();
    seal();
    time.advance(Duration.ofSeconds(1));
    set(3);
    listeners.add("n", listener);
    set(4);

    assertThat(values()).containsExactly(3);
    expectCreated(created);
  }

  @Test
  void aClearTellsOfWhatHasComeSinceItLooked() {
    listeners.add("n", listener);
    Write delete = Write.delete(0, now());
    buffer.commit(WriteBatch.set("n", "late", new byte[] {2}, Set.of(), now(), Write.NEVER));
    buffer.commit(WriteBatch.clearing("n", new HashMap<>(Map.of("k", delete)), delete));

    assertThat(values()).containsExactlyInAnyOrder(1, 2);
    assertThat(told).extracting(Removal::cause).containsOnly(RemovalCause.CLEARED);
  }

  @Test
  void whoComesWhileABatchIsProposedIsToldOfIt() {
    boolean[] asked = new boolean[1];
    buffer.commit(
        () -> {
          if (!asked[0]) {
            asked[0] = true;
            listeners.add("n", listener);
          }
          return batch(2);
        });

    assertThat(values()).containsExactly(1);
  }

  @Test
  void whoGoesMeanwhileIsNotTold() {
    RemovalFeed feed = listeners.add("n", listener);
    duringTheLook = feed::close;
    set(2);

    assertThat(values()).isEmpty();
  }

  @Test
  void nobodyLooksForWhatNobodyListensTo() {
    set(2);
    listeners.add("other", listener);
    set(3);
    assertThat(looks).hasValue(0);
    listeners.add("n", listener);
    set(4);

    assertThat(looks.get()).isPositive();
    assertThat(values()).containsExactly(3);
  }

  @Test
  void nobodyListensOnceTheStoreHasEnded() {
    listeners.end(true);
    assertThatThrownBy(() -> listeners.add("n", listener))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("store is closed: test");
    set(2);

    assertThat(values()).isEmpty();
  }
}
