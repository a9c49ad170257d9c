package io.nadb.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A store in files, on virtual time, of which backups are made. */
abstract class BackedUpStore {
  @TempDir Path temp;
  final VirtualTime time = new VirtualTime();
  final StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  KeyValueStore open() {
    return registry.open(url("data"));
  }

  String url(String name) {
    return "nadb:fs:" + temp.resolve(name) + "?flush=off&segment=64kb&sweep=1s&metadata=none";
  }

  Backups backups() {
    return Backups.at(temp.resolve("backups"));
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Fills several segments; returns what the store has then. */
  Map<String, String> fill(KeyValueStore store, String value) {
    for (int i = 0; i < 40; i++) {
      byte[] content = (value + i + "x".repeat(5000)).getBytes(UTF_8);
      store.set("key" + i, content, SetOptions.tags("tag" + i % 3).withTtl(Duration.ofDays(i + 1)));
      if (i % 10 == 9) {
        store.flush();
      }
    }
    return content(store);
  }

  static Map<String, String> content(KeyValueStore store) {
    Map<String, String> found = new TreeMap<>();
    for (String key : store.keys("")) {
      EntryMetadata metadata = store.metadata(key).orElseThrow();
      found.put(key, metadata + " " + new String(store.get(key).orElseThrow(), UTF_8));
    }
    found.put("tags", store.tags().toString());
    return found;
  }

  Map<String, String> read(Backup backup) {
    try (StoreRegistry readers = StoreRegistry.create(time)) {
      return content(readers.open("nadb:fs:" + backup.directory() + "?access=read"));
    }
  }

  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
