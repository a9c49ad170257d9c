package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, stores that have a log in front of it, and another that has not. */
abstract class SpooledStores {
  final RedisServer server = RedisServer.builder().appendOnly().start();
  final VirtualTime time = new VirtualTime();
  final StoreRegistry here = StoreRegistry.create(time);
  final StoreRegistry later = StoreRegistry.create(time);
  final StoreRegistry there = StoreRegistry.create(time);
  final KeyValueStore atOnce = there.open(server.url("sweep=off"));
  @TempDir Path directory;
  private int copies;

  @AfterEach
  void close() {
    try {
      here.close();
      later.close();
      there.close();
    } finally {
      server.close();
    }
  }

  Path spool() {
    return directory.resolve("spool");
  }

  String url(Path spool, String... options) {
    return server.url(
        Stream.concat(
                Stream.of("sweep=off", "flush=off", "timeout=500ms", "spool=" + spool),
                Stream.of(options))
            .toArray(String[]::new));
  }

  /** What a kill leaves of the spool. */
  Path copy() throws IOException {
    Path copy = directory.resolve("copy" + copies++);
    Path database = Files.createDirectories(copy.resolve("main"));
    try (Stream<Path> files = Files.list(spool().resolve("main"))) {
      for (Path file : files.toList()) {
        Files.copy(file, database.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static Optional<String> text(KeyValueStore store, String key) {
    return store.get(key).map(value -> new String(value, UTF_8));
  }

  /** Ends a store whose writes are sent by another one that has a copy of its spool. */
  static void giveUp(KeyValueStore store) {
    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("another copy of the spool");
  }

  static List<Path> journal(Path spool) throws IOException {
    try (Stream<Path> files = Files.list(spool.resolve("main"))) {
      return files.filter(file -> file.toString().endsWith(".journal")).sorted().toList();
    }
  }
}
