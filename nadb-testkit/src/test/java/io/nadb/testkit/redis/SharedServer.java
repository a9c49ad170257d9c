package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** A server on which two registries have stores. */
abstract class SharedServer {
  static final AtomicInteger NUMBERS = new AtomicInteger();

  static RedisServer server;

  final VirtualTime time = new VirtualTime();

  final StoreRegistry here = StoreRegistry.create(time);

  final StoreRegistry there = StoreRegistry.create(time);

  final String db = "share-" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet();

  @BeforeAll
  static void start() {
    server = RedisServer.findOrStart();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  KeyValueStore open(StoreRegistry registry, String options) {
    return registry.open(server.url(("sweep=off&db=" + db + options).split("&", -1)));
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static List<String> hits(KeyValueStore store, String... tags) {
    return store.queryByTags(tags).stream().map(EntryMetadata::key).toList();
  }

  List<String> keysOfTheDatabase() {
    return server.command("KEYS", "nadb:{" + db + "*").lines().sorted().toList();
  }
}
