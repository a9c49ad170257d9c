package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** Servers, and networks before them, of a test's own, and stores on them, in real time. */
abstract class OwnServers {
  static final byte[] OLD = "old".getBytes(UTF_8);
  static final byte[] NEW = "new".getBytes(UTF_8);

  final StoreRegistry registry = StoreRegistry.create(TimeSource.system());
  private final List<AutoCloseable> servers = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    registry.close();
    for (AutoCloseable server : servers) {
      server.close();
    }
  }

  final <T extends AutoCloseable> T owned(T server) {
    servers.add(0, server);
    return server;
  }

  final KeyValueStore open(int port, String options) {
    return registry.open("nadb:redis://127.0.0.1:" + port + "?sweep=off" + options);
  }

  static Optional<String> text(KeyValueStore store, String key) {
    return store.get(key).map(value -> new String(value, UTF_8));
  }
}
