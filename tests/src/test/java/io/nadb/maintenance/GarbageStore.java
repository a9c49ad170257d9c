package io.nadb.maintenance;

import static io.nadb.testing.Bytes.random;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A store with garbage that it would leave alone by itself, for tests to have compacted. */
abstract class GarbageStore {
  static final int KEYS = 200;
  static final int VALUE_BYTES = 1000;

  @TempDir Path temp;
  final VirtualTime time = new VirtualTime();
  StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  KeyValueStore open() {
    return open("");
  }

  KeyValueStore open(String more) {
    return registry.open(url() + more);
  }

  String url() {
    return "nadb:fs:" + temp.resolve("data") + "?flush=off&segment=64kb&sweep=off&metadata=none";
  }

  void restart() {
    registry.close();
    registry = StoreRegistry.create(time);
  }

  /** Sets keys from one number to another. */
  static void set(KeyValueStore store, int from, int to, int round) {
    for (int i = from; i < to; i++) {
      SetOptions options = i % 3 == 0 ? SetOptions.tags("third") : SetOptions.none();
      store.set("key" + i, random(VALUE_BYTES + i % 7 + round), options);
      if (i % 25 == 24) {
        store.flush();
      }
    }
    store.flush();
  }

  /** Segments of each of which a quarter is garbage: too little for the store to act by itself. */
  static void fillWithAQuarterOfGarbage(KeyValueStore store) {
    set(store, 0, KEYS, 0);
    for (int i = 0; i < KEYS; i += 4) {
      store.set("key" + i, random(VALUE_BYTES), SetOptions.tags("fourth"));
    }
    store.flush();
  }

  static Map<String, String> content(KeyValueStore store) {
    Map<String, String> found = new TreeMap<>();
    for (String key : store.keys("")) {
      EntryMetadata metadata = store.metadata(key).orElseThrow();
      found.put(key, metadata + HexFormat.of().formatHex(store.get(key).orElseThrow()));
    }
    found.put("tags", store.tags().toString());
    return found;
  }

  List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("data/main/log"))) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    }
  }

  static CompactionResult compact(KeyValueStore store) throws InterruptedException {
    return Compaction.of(store).run();
  }
}
