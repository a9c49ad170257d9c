package io.nadb.testkit;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at a store's files through other eyes: opens a copy of them in another registry, reads all,
 * and compares it with what the store says is durable.
 */
final class Integrity {
  private final InjectedStore store;
  private final List<String> faults = new ArrayList<>();

  private Integrity(InjectedStore store) {
    this.store = store;
  }

  /**
   * Returns what is wrong; nothing if all is well.
   *
   * @throws IllegalArgumentException if the store has no directory
   */
  static List<String> faultsOf(KeyValueStore store) {
    if (!(store instanceof InjectedStore injected)
        || !injected.current().location().place().startsWith("fs:")) {
      throw new IllegalArgumentException(
          store
              + " has no directory that could be looked at; it must be a nadb:fs: store of a"
              + " harness");
    }
    return new Integrity(injected).look();
  }

  private List<String> look() {
    Path source = Path.of(store.current().location().place().substring("fs:".length()));
    Path copy = store.harness().directory().resolve(".copy");
    try {
      Files.createDirectories(copy.resolve("main"));
      store.harness().machine().copy(source, copy.resolve("main"));
      compare(copy);
    } catch (IOException e) {
      throw new UncheckedIOException("can't copy " + source, e);
    } finally {
      Directories.delete(copy);
    }
    return faults;
  }

  private void compare(Path copy) {
    String url = "nadb:fs:" + copy.toString().replace("%", "%25").replace("?", "%3F");
    VirtualTime then = new VirtualTime(store.harness().time().now());
    try (StoreRegistry registry = StoreRegistry.create(then);
        KeyValueStore found =
            registry.open(url, Map.of("namespace", store.current().namespace(), "flush", "off"))) {
      for (String key : found.keys("")) {
        compare(key, found);
      }
      for (String key : store.keys("")) {
        if (Recorded.isDurable(store, key) && !found.contains(key)) {
          faults.add(Text.quote(key) + " is durable, and not in the files");
        }
      }
    } catch (NadbException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
  }

  private void compare(String key, KeyValueStore found) {
    byte[] value = found.get(key).orElse(new byte[0]);
    Optional<EntryMetadata> metadata = found.metadata(key);
    if (store.contains(key) && Recorded.isDurable(store, key)) {
      if (!Arrays.equals(value, store.get(key).orElse(new byte[0]))) {
        faults.add(Text.quote(key) + " is " + Text.show(value) + " in the files");
      }
      if (!metadata.equals(store.metadata(key))) {
        faults.add(Text.quote(key) + " has other metadata in the files: " + metadata);
      }
    }
  }
}
