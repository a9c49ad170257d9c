package io.nadb.durability;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.TimeSource;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testing.ForwardingTime;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors where nobody expects one, as they come when memory is short, leave nothing half done. */
class ShortMemoryTest {
  private final VirtualTime virtual = new VirtualTime();
  private final FailingClock time = new FailingClock(virtual);
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final StoreRegistry other = StoreRegistry.create(new VirtualTime());
  private final Faults faults = FaultyDriver.install(registry, "fs");
  @TempDir private Path directory;

  /** A time whose clocks throw while a test says so. */
  private static final class FailingClock extends ForwardingTime {
    final AtomicReference<@Nullable Error> failure = new AtomicReference<>();
    final AtomicReference<@Nullable Error> nanoFailure = new AtomicReference<>();

    FailingClock(TimeSource real) {
      super(real);
    }

    @Override
    public Instant now() {
      Error thrown = failure.get();
      if (thrown != null) {
        throw thrown;
      }
      return super.now();
    }

    @Override
    public long nanoTime() {
      Error thrown = nanoFailure.get();
      if (thrown != null) {
        throw thrown;
      }
      return super.nanoTime();
    }
  }

  /** An error that can't be put into words. */
  private static final class Wordless extends Error {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable String getMessage() {
      throw new OutOfMemoryError("no memory for words");
    }
  }

  @AfterEach
  void close() {
    time.failure.set(null);
    time.nanoFailure.set(null);
    faults.heal();
    registry.close();
    other.close();
  }

  private String url(String name, String options) {
    return "nadb:fs:" + directory.resolve(name) + "?metadata=none" + options;
  }

  @Test
  void aFlushWhoseFailureHasNoWordsIsAFailureAllTheSame() {
    KeyValueStore store = registry.open(url("data", "&flush=5s"));
    faults.fail(new Wordless());
    store.set("a", utf8("v"));
    assertThatThrownBy(store::flush).isInstanceOf(OutOfMemoryError.class);
    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThat(store.stats().flushFailures()).isEqualTo(1);
    assertThat(store.stats().bufferedKeys()).isEqualTo(1);
    faults.heal();
    virtual.advance(Duration.ofSeconds(5));

    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    assertThat(store.durableSequence()).isEqualTo(1);
  }

  @Test
  void aWriteWhoseFailureHasNoWordsIsWrittenWithTheNext() {
    KeyValueStore store = registry.open(url("data", "&flush=off&durability=written"));
    faults.fail(new Wordless());
    assertThatThrownBy(() -> store.set("a", utf8("v"))).isInstanceOf(OutOfMemoryError.class);
    faults.heal();
    store.flush();
    assertThat(store.stats().bufferedKeys()).isZero();
    assertThat(text(store, "a")).contains("v");
    store.close();

    assertThat(text(other.open(url("data", "")), "a")).contains("v");
  }

  @Test
  void aFlushWhoseTimeCanNotBeToldLeavesBufferAndMarkAsTheyWere() throws Exception {
    KeyValueStore store = registry.open(url("data", "&flush=off&sweep=off"));
    long written = store.set("a", utf8("v"));
    faults.onApplied(() -> time.failure.set(new OutOfMemoryError("no time")));
    assertThatThrownBy(store::flush).isInstanceOf(OutOfMemoryError.class);
    time.failure.set(null);
    assertThat(store.stats().bufferedKeys()).isEqualTo(1);
    assertThat(store.durableSequence()).isZero();
    faults.onApplied(() -> {});
    store.flush();

    assertThat(store.awaitDurable(written, Duration.ZERO)).isTrue();
    assertThat(store.stats().bufferedKeys()).isZero();
  }

  @Test
  void aWriteWhoseBeginningCanNotBeTimedIsWrittenWithTheNext() {
    KeyValueStore store = registry.open(url("data", "&flush=5s&sweep=off&durability=written"));
    store.set("before", utf8("v")); // From now on the background thread need not be woken.
    time.nanoFailure.set(new OutOfMemoryError("no time"));
    assertThatThrownBy(() -> store.set("a", utf8("v"))).isInstanceOf(OutOfMemoryError.class);
    time.nanoFailure.set(null);
    store.flush();
    assertThat(store.durableSequence()).isEqualTo(2);
    store.close();

    assertThat(text(other.open(url("data", "")), "a")).contains("v");
  }

  @Test
  void aStoreWhoseLastFlushThrowsWhatNobodyExpectsLetsGoOfItsDirectory() {
    KeyValueStore store = registry.open(url("data", ""));
    store.set("a", utf8("v"));
    store.flush();
    store.set("b", utf8("v"));
    faults.fail(new Wordless());
    assertThatThrownBy(store::close).isInstanceOf(OutOfMemoryError.class);

    assertThat(store.stats().state()).isEqualTo(StoreState.CLOSED);
    assertThat(other.open(url("data", "")).keys("")).containsExactly("a");
  }

  @Test
  void anErrorOfOneStoreOfManyIsToldWhenAllAreClosed() {
    KeyValueStore first = registry.open(url("first", ""));
    KeyValueStore second = registry.open(url("second", ""));
    first.set("a", utf8("v"));
    second.set("b", utf8("v"));
    NoClassDefFoundError failure = new NoClassDefFoundError("some/Thing");
    faults.failClose(failure);
    assertThatThrownBy(registry::close)
        .isInstanceOf(NadbException.class)
        .hasMessage("2 of the stores could not be closed cleanly: some/Thing")
        .hasCause(failure);

    assertThat(text(other.open(url("first", "")), "a")).contains("v");
    assertThat(text(other.open(url("second", "")), "b")).contains("v");
  }
}
