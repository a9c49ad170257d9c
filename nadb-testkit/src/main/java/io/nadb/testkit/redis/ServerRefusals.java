package io.nadb.testkit.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has a server refuse writes, by its own settings, so that it answers as one does in trouble. */
final class ServerRefusals {
  private final RedisServer server;

  /** What it may use by its settings, while it may use nothing; null: it is not out of memory. */
  @GuardedBy("this")
  private @Nullable String memory;

  ServerRefusals(RedisServer server) {
    this.server = server;
  }

  synchronized void begin(RedisRefusal refusal) {
    switch (refusal) {
      // A replica of a port where nobody is goes on to answer reads.
      case READ_ONLY -> server.command("REPLICAOF", "127.0.0.1", "1");
      case MISSING_REPLICAS -> server.command("CONFIG", "SET", "min-replicas-to-write", "100");
      case OUT_OF_MEMORY -> {
        if (memory == null) {
          List<String> nameAndValue = server.list("CONFIG", "GET", "maxmemory");
          memory = nameAndValue.get(1);
        }
        server.command("CONFIG", "SET", "maxmemory", "1");
      }
    }
  }

  synchronized void end() {
    server.command("REPLICAOF", "NO", "ONE");
    server.command("CONFIG", "SET", "min-replicas-to-write", "0");
    if (memory != null) {
      server.command("CONFIG", "SET", "maxmemory", memory);
      memory = null;
    }
  }
}
