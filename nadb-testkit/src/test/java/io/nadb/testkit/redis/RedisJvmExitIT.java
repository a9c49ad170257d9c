package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A buffer before a Redis server is flushed when its JVM ends, as one before a disk is. */
class RedisJvmExitIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RedisServer server = RedisServer.start();
  @TempDir private Path directory;
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

  /** Writes into its buffer, and ends when its server is gone. */
  static final class Orphan {
    public static void main(String[] arguments) {
      KeyValueStore store = NadbDriverManager.open(arguments[0]);
      for (int i = 0; i < 3; i++) {
        store.set("k" + i, "v".getBytes(UTF_8));
      }
      ProcessHandle.of(Long.parseLong(arguments[1]))
          .ifPresent(
              server -> {
                server.destroyForcibly();
                server.onExit().join();
              });
      System.exit(0);
    }
  }

  @Test
  void whatCannotBeWrittenAtTheEndIsSaidWithHowMuchItIs() throws Exception {
    String pid = server.command("INFO", "server").replaceAll("(?s).*process_id:(\\d+).*", "$1");
    String url = server.url("buffer=1mb", "flush=1h", "timeout=1s");
    Path errors = directory.resolve("errors");
    ChildJvm.run(Orphan.class, "", Map.of(), ProcessBuilder.Redirect.to(errors.toFile()), url, pid);

    assertThat(Files.readString(errors))
        .containsPattern("(?s)3 keys.*lost")
        .contains("127.0.0.1:" + server.port());
  }

  @Test
  void whatCannotBeWrittenAtClosingIsThrownWithHowMuchItIs() {
    KeyValueStore store = registry.open(server.url("buffer=1mb", "flush=1h", "sweep=off"));
    for (int i = 0; i < 3; i++) {
      store.set("k" + i, "v".getBytes(UTF_8));
    }
    server.kill();

    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("3 keys")
        .hasMessageContaining("lost")
        .hasMessageContaining("127.0.0.1:" + server.port());
  }

  @Test
  void whatIsBufferedAtTheEndIsThereAndWhatAHookWritesAfterThatToo() throws Exception {
    String url = server.url("buffer=1mb", "flush=1h");
    assertThat(ChildJvm.run(Writer.class, "", Map.of(), url)).isEqualTo("ready");

    assertThat(registry.open(url).keys("")).containsExactly("early", "late");
  }
}
