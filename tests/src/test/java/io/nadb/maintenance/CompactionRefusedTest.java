package io.nadb.maintenance;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.StoreCapability;
import io.nadb.StoreRegistry;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who can not be compacted says so. */
@Timeout(60)
class CompactionRefusedTest extends GarbageStore {

  @Test
  void whoHasNoFilesOrMayNotWriteThemSaysSo() {
    KeyValueStore store = open();
    store.set("a", utf8("1"));
    store.flush();
    assertThat(store.capabilities()).contains(StoreCapability.COMPACTION, StoreCapability.BACKUPS);
    KeyValueStore memory = registry.open("nadb:mem:test");
    assertThat(memory.capabilities())
        .doesNotContain(StoreCapability.COMPACTION, StoreCapability.BACKUPS);
    assertThatThrownBy(() -> compact(memory))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("has no files of its own")
        .hasMessageContaining("only nadb:fs: can");
    try (StoreRegistry readers = StoreRegistry.create(time)) {
      KeyValueStore reader = readers.open("nadb:fs:" + temp.resolve("data") + "?access=read");
      assertThat(reader.capabilities())
          .contains(StoreCapability.BACKUPS)
          .doesNotContain(StoreCapability.COMPACTION);
      assertThatThrownBy(() -> compact(reader))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("access=read");
    }
  }

  @Test
  void aStoreOfSomebodysOwnHasToPassItOn() {
    KeyValueStore store = open();
    KeyValueStore other =
        (KeyValueStore)
            Proxy.newProxyInstance(
                KeyValueStore.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> method.invoke(store, arguments));

    assertThatThrownBy(() -> Compaction.of(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("io.nadb.spi.CompactableStore");
  }
}
