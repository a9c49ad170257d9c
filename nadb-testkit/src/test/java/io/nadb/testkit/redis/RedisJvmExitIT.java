package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A buffer before a Redis server is flushed when its JVM ends, as one before a disk is. */
class RedisJvmExitIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RedisServer server = RedisServer.start();
  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());

  @AfterEach
  void close() {
    registry.close();
    server.close();
  }

  /** Writes, and goes on to write in a hook of its own, after NADB's hook has flushed. */
  static final class Writer {
    public static void main(String[] arguments) {
      KeyValueStore store = NadbDriverManager.open(arguments[0]);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    awaitDurable(store);
                    store.set("late", "v".getBytes(UTF_8));
                  }));
      store.set("early", "v".getBytes(UTF_8));
      System.out.println("ready");
      System.exit(0);
    }

    private static void awaitDurable(KeyValueStore store) {
      try {
        if (!store.awaitDurable(store.stats().sequence(), PATIENCE)) {
          throw new AssertionError("not flushed");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void whatIsBufferedAtTheEndIsThereAndWhatAHookWritesAfterThatToo() throws Exception {
    String url = server.url("buffer=1mb", "flush=1h");
    assertThat(ChildJvm.run(Writer.class, "", Map.of(), url)).isEqualTo("ready");

    assertThat(registry.open(url).keys("")).containsExactly("early", "late");
  }
}
