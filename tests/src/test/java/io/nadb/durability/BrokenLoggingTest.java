package io.nadb.durability;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.testing.BrokenLogging;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A logging back end that throws at whatever is logged breaks nothing. */
class BrokenLoggingTest {
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final Faults faults = FaultyDriver.install(registry, "fs");
  @TempDir private Path directory;

  /** What an application's handler may throw. */
  @SuppressWarnings("ImmutableEnumChecker") // A new one each time, as handlers do.
  enum Thrown {
    ERROR(() -> new AssertionError("no handler")),
    MEMORY(() -> new OutOfMemoryError("no memory for a handler")),
    STACK(() -> new StackOverflowError("handlers all the way down")),
    LINKAGE(() -> new NoClassDefFoundError("handler/Missing"));

    final Supplier<Error> failure;

    Thrown(Supplier<Error> failure) {
      this.failure = failure;
    }
  }

  @AfterEach
  void close() {
    faults.heal();
    registry.close();
  }

  private KeyValueStore open() {
    return registry.open("nadb:fs:" + directory.resolve("data") + "?flush=5s&sweep=off");
  }

  @ParameterizedTest
  @EnumSource
  void aFlushInTheBackgroundFailsAndHeals(Thrown thrown) {
    KeyValueStore store = open();
    try (BrokenLogging logging = new BrokenLogging(thrown.failure)) {
      faults.fail("no space left on device");
      store.set("a", utf8("v"));
      time.advance(Duration.ofSeconds(5));
      assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
      assertThat(store.stats().lastFailure().orElseThrow()).startsWith("no space left on device; ");
      faults.heal();
      time.advance(Duration.ofSeconds(30));

      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
      assertThat(store.stats().bufferedKeys()).isZero();
      assertThat(registry.status().failures()).isZero();
      assertThat(logging.thrown()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoFlushesIsToldOfTheDiskAndNotOfTheLogging(Thrown thrown) {
    KeyValueStore store = open();
    try (BrokenLogging logging = new BrokenLogging(thrown.failure)) {
      faults.fail("no space left on device");
      store.set("a", utf8("v"));
      assertThatThrownBy(store::flush)
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("no space left on device");
      faults.heal();
      store.flush();

      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
      assertThat(store.durableSequence()).isEqualTo(1);
      assertThat(logging.thrown()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedMetadataDatabaseIsBegunAnew(Thrown thrown) throws Exception {
    open().close();
    Path database = directory.resolve("data/main/metadata.db");
    Files.writeString(database, "no database, but long enough to be looked at ".repeat(100));
    try (BrokenLogging logging = new BrokenLogging(thrown.failure)) {
      KeyValueStore store = open();
      store.set("a", utf8("v"));
      time.advance(Duration.ofSeconds(5));
      store.close();
      assertThat(logging.thrown()).isPositive();
    }
    assertThat(text(open(), "a")).contains("v");
    assertThat(Files.readString(database, java.nio.charset.StandardCharsets.ISO_8859_1))
        .startsWith("SQLite format 3");
  }
}
