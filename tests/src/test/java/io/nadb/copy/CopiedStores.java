package io.nadb.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.spi.CopyableStore;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Stores to copy from and to, on files or in memory. */
abstract class CopiedStores {
  @TempDir Path temp;
  final VirtualTime time = new VirtualTime();
  final StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  KeyValueStore open(String kind, String name) {
    return registry.open(
        kind.equals("fs")
            ? "nadb:fs:" + temp.resolve(name) + "?flush=off&segment=64kb&metadata=none&sweep=off"
            : "nadb:mem:" + name + "?flush=off&sweep=off");
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Sets entries of all kinds, at times of their own, some in the buffer and some flushed. */
  void fill(KeyValueStore store, int entries) {
    for (String namespace : List.of("default", "a:b", "größer %41")) {
      KeyValueStore in = store.namespace(namespace);
      for (int i = 0; i < entries; i++) {
        time.advance(Duration.ofMillis(7));
        SetOptions options = SetOptions.tags("tag" + i % 3, "\"ü\\" + i % 2);
        in.set(
            "key" + i,
            bytes(namespace + i),
            i % 2 == 0 ? options.withTtl(Duration.ofMillis(100_000_000 + i)) : options);
        if (i % 5 == 0) {
          time.advance(Duration.ofMillis(3));
          in.set("key" + i, bytes("again" + i), SetOptions.none().keepingTags().keepingTtl());
          in.touch("key" + i, Duration.ofMillis(200_000_003));
        }
        if (i == entries / 2) {
          in.flush();
        }
      }
      in.set("empty", new byte[0]);
      in.set("deleted", bytes("x"));
      in.delete("deleted");
      in.set("expired", bytes("x"), SetOptions.ttl(Duration.ofMillis(5)));
      time.advance(Duration.ofMillis(5));
    }
  }

  static Map<String, Entry> content(KeyValueStore store) {
    Map<String, Entry> content = new TreeMap<>();
    CopyableStore copyable = CopyableStore.of(store);
    for (String namespace : copyable.namespaces()) {
      KeyValueStore in = store.namespace(namespace);
      for (String key : in.keys("")) {
        content.put(namespace + "/" + key, in.entry(key).orElseThrow());
      }
    }
    return content;
  }
}
