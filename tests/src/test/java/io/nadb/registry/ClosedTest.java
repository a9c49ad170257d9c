package io.nadb.registry;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Closed stores and closed registries. */
class ClosedTest {
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  @TempDir private Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  /** A use of a store. */
  interface Use {
    void of(KeyValueStore store) throws InterruptedException;
  }

  static Stream<Arguments> uses() {
    Map<String, Use> uses =
        Map.ofEntries(
            Map.entry("set", store -> store.set("k", utf8("v"))),
            Map.entry("set with options", store -> store.set("k", utf8("v"), SetOptions.tags("t"))),
            Map.entry("get", store -> store.get("k")),
            Map.entry("contains", store -> store.contains("k")),
            Map.entry("delete", store -> store.delete("k")),
            Map.entry("metadata", store -> store.metadata("k")),
            Map.entry("keys", store -> store.keys("")),
            Map.entry("queryByTags", store -> store.queryByTags("t")),
            Map.entry("tags", KeyValueStore::tags),
            Map.entry("clear", KeyValueStore::clear),
            Map.entry("flush", KeyValueStore::flush),
            Map.entry("onRemoval", store -> store.onRemoval(removal -> {})),
            Map.entry("cleanupExpired", KeyValueStore::cleanupExpired),
            Map.entry("durableSequence", KeyValueStore::durableSequence),
            Map.entry("awaitDurable", store -> store.awaitDurable(0, Duration.ZERO)));
    return uses.entrySet().stream().map(use -> Arguments.of(use.getKey(), use.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("uses")
  void aClosedStoreRefusesToWork(String name, Use use) {
    KeyValueStore store = registry.open("nadb:fs:" + directory + "?name=orders");
    store.set("k", utf8("v"));
    store.close();

    expectClosed(() -> use.of(store));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("uses")
  void aClosedHandleRefusesToWorkWhileAnotherGoesOn(String name, Use use) {
    KeyValueStore other = registry.open("nadb:mem:m?name=orders");
    KeyValueStore store = registry.open("nadb:mem:m?name=orders");
    store.set("k", utf8("v"));
    store.close();

    expectClosed(() -> use.of(store));
    assertThat(text(other, "k")).contains("v");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("uses")
  void aStoreThatItsRegistryClosedRefusesToWork(String name, Use use) {
    KeyValueStore store = registry.open("nadb:fs:" + directory + "?name=orders");
    registry.close();

    expectClosed(() -> use.of(store));
  }

  private static void expectClosed(ThrowingCallable use) {
    assertThatThrownBy(use)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("store is closed: orders (close was called)");
  }

  @Test
  void aClosedStoreStillSaysWhatItWas() {
    KeyValueStore store = registry.open("nadb:fs:" + directory + "?name=orders");
    store.set("k", utf8("v"));
    store.close();
    store.close();

    assertThat(store.name()).isEqualTo("orders");
    assertThat(store.url()).isEqualTo("nadb:fs:" + directory + "?name=orders");
    assertThat(store.stats().state()).isEqualTo(StoreState.CLOSED);
    assertThat(store.stats().sets()).isEqualTo(1);
    assertThat(store.stats().lastFlushCause()).contains(FlushCause.CLOSE);
  }

  @Test
  void closingARegistryFlushesAndClosesItsStores() {
    KeyValueStore one = registry.open("nadb:fs:" + directory + "?db=one");
    KeyValueStore two = registry.open("nadb:fs:" + directory + "?db=two");
    one.set("k", utf8("1"));
    two.set("k", utf8("2"));
    registry.close();
    registry.close();
    one.close();

    assertThat(registry.status().running()).isFalse();
    assertThat(one.stats().state()).isEqualTo(StoreState.CLOSED);
    try (StoreRegistry next = StoreRegistry.create(new VirtualTime())) {
      assertThat(text(next.open("nadb:fs:" + directory + "?db=one"), "k")).contains("1");
      assertThat(text(next.open("nadb:fs:" + directory + "?db=two"), "k")).contains("2");
    }
  }

  @Test
  void aClosedRegistryOpensNothing() {
    registry.close();

    assertThatThrownBy(() -> registry.open("nadb:table://u:pa55@h/x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the registry is closed; it can't open nadb:table://u:****@h/x");
  }

  @Test
  void oneStoreThatFailsToCloseKeepsNoOtherOpen() {
    Faults faults = FaultyDriver.install(registry, "table");
    KeyValueStore bad = registry.open("nadb:table:bad");
    KeyValueStore good = registry.open("nadb:fs:" + directory);
    KeyValueStore ugly = registry.open("nadb:table:ugly");
    for (KeyValueStore store : new KeyValueStore[] {bad, good, ugly}) {
      store.set("k", utf8("v"));
    }
    faults.fail("no space left on device");

    assertThatThrownBy(registry::close)
        .isInstanceOf(NadbException.class)
        .hasMessageStartingWith("2 of the stores could not be closed cleanly: store table-")
        .hasMessageContaining("1 key (64 bytes) written after sequence number 0 is lost: ")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(good.stats().state()).isEqualTo(StoreState.CLOSED);
    assertThat(good.stats().flushCount()).isEqualTo(1);
    assertThat(registry.status().running()).isFalse();
  }
}
