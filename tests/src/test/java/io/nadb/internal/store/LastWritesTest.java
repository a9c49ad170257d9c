package io.nadb.internal.store;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.Durability;
import io.nadb.FlushCause;
import io.nadb.SetOptions;
import io.nadb.StoreState;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.internal.sync.KeyValueSync;
import io.nadb.internal.watch.Origin;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.spi.Cut;
import io.nadb.spi.ForwardingBackend;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a store writes once the JVM has begun to end. */
class LastWritesTest {
  private static final String NAMESPACE = "n";

  private final VirtualTime time = new VirtualTime();
  private final KeyValueSync sync = new KeyValueSync(time, "nadb-sync-test");
  private final Recorder backend = new Recorder();
  private @Nullable BufferedEngine engine;

  @AfterEach
  void close() {
    backend.failure = null;
    if (engine != null && engine.stats().state() != StoreState.CLOSED) {
      engine.close();
    }
  }

  private BufferedEngine engine() {
    return engine == null ? open(Durability.BUFFERED) : engine;
  }

  private BufferedEngine open(Durability durability) {
    BufferedEngine opened =
        BufferedEngine.open(
            new EngineSettings(
                "test",
                1 << 20,
                Optional.of(Duration.ofHours(1)),
                Optional.empty(),
                durability,
                Duration.ofSeconds(30)),
            time,
            sync,
            new RemovalDelivery(time, "nadb-removals-test"),
            backend,
            new StoreProbe(
                new Origin("test", "nadb:mem:test", List.of(), this, sync::status, time)));
    engine = opened;
    return opened;
  }

  private void set(String key) {
    engine().set(NAMESPACE, key, utf8("v"), SetOptions.none());
  }

  @Test
  void preparingFlushesAndLeavesTheStoreOpen() {
    set("early");
    engine().prepareForExit();

    assertThat(backend.calls).containsExactly("write [early], sync");
    assertThat(engine().stats().state()).isEqualTo(StoreState.HEALTHY);
    assertThat(engine().stats().lastFlushCause()).contains(FlushCause.SHUTDOWN);
    assertThat(engine().get(NAMESPACE, "early")).isEqualTo(utf8("v"));
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void eachLaterWriteHasReachedTheOperatingSystemWhenItReturns(Durability durability) {
    open(durability);
    engine().prepareForExit();
    for (int i = 0; i < 3; i++) {
      set("late " + i);
      assertThat(backend.calls).last().asString().startsWith("write [late " + i + "]");
    }
    engine().delete(NAMESPACE, "late 1");
    assertThat(backend.calls).last().asString().startsWith("write [late 1]");
  }

  @Test
  void laterWritesAreSyncedTenTimesASecondAndOnlyIfThereAreAny() {
    engine().prepareForExit();
    set("a");
    backend.calls.clear();
    set("b");
    set("c");
    assertThat(backend.calls).containsExactly("write [b]", "write [c]");
    assertThat(engine().stats().bufferedKeys()).isPositive();

    time.advance(Duration.ofMillis(100));
    assertThat(backend.calls).last().isEqualTo("sync");
    assertThat(engine().stats().bufferedKeys()).isZero();
    backend.calls.clear();

    time.advance(Duration.ofHours(10));
    assertThat(backend.calls).isEmpty();
  }

  @Test
  void aWriteThatFailsIsKeptAndTriedAgain() {
    engine().prepareForExit();
    backend.failure = new IOException("no space left on device");
    set("a");
    set("b");
    assertThat(engine().stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThat(engine().stats().bufferedKeys()).isEqualTo(2);

    backend.failure = null;
    backend.calls.clear();
    time.advance(Duration.ofMillis(100));
    assertThat(backend.calls).containsExactly("write [a, b], sync");
    assertThat(engine().stats().state()).isEqualTo(StoreState.HEALTHY);
  }

  @Test
  void backgroundWorkThatCanWaitIsLeftForTheNextTime() {
    set("early");
    engine().flush();
    assertThat(backend.maintained).hasPositiveValue();
    engine().prepareForExit();
    backend.maintained.set(0);

    set("late");
    time.advance(Duration.ofSeconds(10));
    assertThat(backend.maintained).hasValue(0);
  }

  @Test
  void preparingTwiceOrAfterClosingDoesNoHarm() {
    engine().prepareForExit();
    engine().prepareForExit();
    set("late");
    engine().close();
    engine().prepareForExit();

    assertThat(backend.calls).contains("write [late], sync");
  }

  /** Notes what is asked of it, in memory. */
  private static final class Recorder extends ForwardingBackend {
    private final List<String> calls = new ArrayList<>();
    private volatile @Nullable IOException failure;
    private final AtomicInteger maintained = new AtomicInteger();

    Recorder() {
      super(new MemoryBackend());
    }

    @Override
    public void apply(Cut cut, boolean synced) throws IOException {
      IOException now = failure;
      if (now != null) {
        throw now;
      }
      List<String> keys = new ArrayList<>();
      cut.forEach((namespace, key, write) -> keys.add(key));
      calls.add("write " + keys.stream().sorted().toList() + (synced ? ", sync" : ""));
      super.apply(cut, synced);
    }

    @Override
    public void sync() {
      calls.add("sync");
    }

    @Override
    public long maintain(Load load) {
      maintained.incrementAndGet();
      return Long.MAX_VALUE;
    }
  }
}
