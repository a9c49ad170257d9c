package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.copy.CopyProgress;
import io.nadb.copy.CopyResult;
import io.nadb.copy.StoreCopy;
import io.nadb.spi.CopyableStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies between files, memory and servers of all kinds, by real processes that are killed. */
@Timeout(300)
class RedisCopyIT {
  private static final List<AutoCloseable> SERVERS = new ArrayList<>();
  private static final Map<String, String> URLS = new TreeMap<>();
  private static final Random RANDOM = new Random();

  @TempDir Path temp;
  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());

  @AfterEach
  void close() {
    registry.close();
  }

  @AfterAll
  static void closeServers() throws Exception {
    for (AutoCloseable each : SERVERS) {
      each.close();
    }
    SERVERS.clear();
    URLS.clear();
  }

  private static <T extends AutoCloseable> T owned(T server) {
    SERVERS.add(0, server);
    return server;
  }

  /** The URL of a place of some kind with nothing in it. */
  private String url(String kind, String name) {
    String db = "&db=" + name + Long.toHexString(RANDOM.nextLong());
    return switch (kind) {
      case "fs" -> "nadb:fs:" + temp.resolve(name) + "?metadata=none&segment=64kb";
      case "mem" -> "nadb:mem:" + name + "?sweep=1d";
      case "redis" -> server() + db;
      case "buffered" -> server() + db + "&buffer=64kb&flush=1d";
      case "near" -> server() + db + "&near=1mb";
      case "cluster" ->
          URLS.computeIfAbsent(kind, any -> owned(RedisCluster.start(3)).url("sweep=off")) + db;
      case "sentinel" -> URLS.computeIfAbsent(kind, any -> watched()) + db;
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static String server() {
    return URLS.computeIfAbsent("redis", any -> owned(RedisServer.start()).url("sweep=off"));
  }

  private static String watched() {
    RedisServer master = owned(RedisServer.start());
    RedisServer sentinel = owned(RedisServer.builder().sentinelOf("mymaster", master, 1).start());
    return "nadb:redis-sentinel://127.0.0.1:" + sentinel.port() + "/mymaster?sweep=off";
  }

  private static void fill(KeyValueStore store, int entries) {
    for (String namespace : List.of("default", "a:b", "größer %41}x")) {
      KeyValueStore in = store.namespace(namespace);
      for (int i = 0; i < entries; i++) {
        SetOptions options = SetOptions.tags("tag" + i % 3, "\"ü\\" + i % 2);
        String key = (i % 4 == 0 ? "{x}" : "kéy*") + i;
        byte[] value = (namespace + i).getBytes(UTF_8);
        in.set(key, value, i % 2 == 0 ? options.withTtl(Duration.ofMillis(100_000_007)) : options);
      }
      in.set("plain", new byte[0]);
      in.set("large", new byte[5 << 20]);
      in.set("long", new byte[1], SetOptions.ttl(Duration.ofDays(36_500)));
      in.set("deleted", new byte[1]);
      in.delete("deleted");
    }
    store.flush();
  }

  private static Map<String, Entry> content(KeyValueStore store) {
    Map<String, Entry> content = new TreeMap<>();
    for (String namespace : CopyableStore.of(store).namespaces()) {
      KeyValueStore in = store.namespace(namespace);
      for (String key : in.keys("")) {
        content.put(namespace + "/" + key, in.entry(key).orElseThrow());
      }
    }
    return content;
  }

  @ParameterizedTest
  @CsvSource({
    "fs, redis",
    "redis, fs",
    "mem, redis",
    "redis, mem",
    "redis, redis",
    "fs, buffered",
    "buffered, fs",
    "fs, near",
    "near, fs",
    "fs, cluster",
    "cluster, fs",
    "cluster, redis",
    "redis, cluster",
    "cluster, cluster",
    "fs, sentinel",
    "sentinel, fs",
    "sentinel, cluster"
  })
  void aCopyHasAllEntriesWithTheirTagsAndTimes(String from, String to) {
    KeyValueStore source = registry.open(url(from, "source"));
    KeyValueStore target = registry.open(url(to, "target"));
    fill(source, 300);

    CopyResult result = StoreCopy.from(source).to(target).run();

    assertThat(content(target)).hasSize(3 * 303).isEqualTo(content(source));
    assertThat(result.entries()).isEqualTo(3 * 303).isEqualTo(result.written());
    assertThat(result.isVerified()).isTrue();
    assertThat(result.time().isPresent()).isEqualTo(from.equals("fs") || from.equals("mem"));
    for (String namespace : result.namespaces()) {
      KeyValueStore copied = target.namespace(namespace);
      KeyValueStore original = source.namespace(namespace);
      assertThat(copied.tags()).isEqualTo(original.tags());
      assertThat(copied.queryByTags("tag1", "\"ü\\1"))
          .hasSize(50)
          .isEqualTo(original.queryByTags("tag1", "\"ü\\1"));
    }
    assertThat(target.namespace("nadb.copy").size()).isZero();
  }

  @Test
  void whatIsCopiedToAServerReplacesWhatIsThereWithItsIndexesAndExpiry() throws Exception {
    RedisServer server = owned(RedisServer.start());
    KeyValueStore source = registry.open(url("fs", "source"));
    KeyValueStore target = registry.open(server.url("sweep=off", "db=app"));
    source.set("k", new byte[1], SetOptions.tags("new").withTtl(Duration.ofMillis(700)));
    source.set("kept", new byte[1]);
    target.set("k", new byte[2], SetOptions.tags("old").withTtl(Duration.ofDays(1)));
    target.set("kept", new byte[2], SetOptions.tags("old").withTtl(Duration.ofMillis(700)));
    target.set("mine", new byte[2]);
    Instant end = source.metadata("k").orElseThrow().expiresAt().orElseThrow();

    StoreCopy.from(source).to(target).intoExisting().run();

    String name = "nadb:{app:default}:e:k";
    assertThat(server.command("HGET", name, "x")).isEqualTo(Long.toString(end.toEpochMilli()));
    assertThat(Long.parseLong(server.command("PTTL", name))).isBetween(1L, 700L);
    assertThat(target.tags()).isEqualTo(Map.of("new", 1L));
    assertThat(target.metadata("kept").orElseThrow().expiresAt()).isEmpty();
    assertThat(server.command("PTTL", "nadb:{app:default}:e:kept")).isEqualTo("-1");
    Thread.sleep(Duration.ofMillis(750).toMillis()); // The server's own clock decides.
    assertThat(target.keys("")).containsExactly("kept", "mine");
  }

  @Test
  void whatHasExpiredByTheServersClockIsNotCopied() throws Exception {
    KeyValueStore source = registry.open(url("redis", "source"));
    KeyValueStore target = registry.open(url("fs", "target"));
    source.set("k", new byte[1], SetOptions.ttl(Duration.ofMillis(1)));
    source.set("stays", new byte[1]);
    Thread.sleep(Duration.ofMillis(20).toMillis()); // The server's own clock decides.

    CopyResult result = StoreCopy.from(source).to(target).run();

    assertThat(result.entries()).isEqualTo(1);
    assertThat(target.keys("")).containsExactly("stays");
  }

  @Test
  void whatIsWrittenToAServerMeanwhileIsInTheCopyIfItsTurnHadNotCome() {
    KeyValueStore source = registry.open(url("redis", "source"));
    KeyValueStore target = registry.open(url("fs", "target"));
    fill(source, 600);
    KeyValueStore other = source.namespace("a:b");

    CopyResult result =
        StoreCopy.from(source)
            .to(target)
            .onProgress(
                progress -> {
                  if (progress.phase() == CopyProgress.Phase.COPYING) {
                    source.set("kéy*" + progress.entries() % 600, "later".getBytes(UTF_8));
                    source.set("new" + progress.entries(), "later".getBytes(UTF_8));
                    other.delete("kéy*7");
                  }
                })
            .run();

    assertThat(result.isVerified()).isTrue();
    assertThat(content(target)).as("verifying follows").isEqualTo(content(source));
  }

  @Test
  void aKeyThatHoldsSomethingElseOnTheServerIsNamed() {
    RedisServer server = owned(RedisServer.start());
    KeyValueStore source = registry.open(server.url("sweep=off", "db=app"));
    source.set("k", new byte[1]);
    server.command("HSET", "nadb:{app:default}:e:foreign", "field", "value");

    assertThatThrownBy(() -> StoreCopy.from(source).to(registry.open(url("fs", "target"))).run())
        .hasMessageContaining("nadb:{app:default}:e:foreign")
        .hasMessageContaining("it is no entry");
  }

  /** Copies, and tells how far it is. */
  static final class Copier {
    public static void main(String[] arguments) {
      StoreCopy.from(arguments[0])
          .to(arguments[1])
          .onProgress(progress -> System.out.println(progress.phase() + " " + progress.entries()))
          .run();
      System.out.println("done");
    }
  }

  @ParameterizedTest
  @CsvSource({"fs, fs", "fs, redis", "redis, fs", "cluster, fs", "fs, cluster", "redis, redis"})
  void aCopyThatIsKilledAgainAndAgainEndsRightThoughTheSourceIsWritten(String from, String to)
      throws Exception {
    String sourceUrl = url(from, "source");
    String targetUrl = url(to, "target");
    KeyValueStore source = registry.open(sourceUrl);
    fill(source, 1500);
    int kills = 0;
    boolean done = false;
    for (int run = 0; run < 6 && !done; run++) {
      done = runAndKill(sourceUrl, targetUrl, 1 + RANDOM.nextInt(12));
      kills += done ? 0 : 1;
      for (int i = 0; i < 50; i++) {
        KeyValueStore in = source.namespace(i % 2 == 0 ? "default" : "a:b");
        String key = "kéy*" + RANDOM.nextInt(1600);
        if (i % 3 == 0) {
          in.delete(key);
        } else {
          in.set(key, ("run" + run).getBytes(UTF_8), SetOptions.tags("run" + run));
        }
      }
      source.flush();
    }
    assertThat(kills).as("it was killed").isPositive();
    KeyValueStore target = registry.open(targetUrl);
    if (done) {
      return; // Faster than the reader of its lines; what came after is not in it.
    }

    CopyResult result = StoreCopy.from(source).to(target).run();

    assertThat(result.isResumed()).isTrue();
    assertThat(result.isVerified()).isTrue();
    assertThat(content(target)).isEqualTo(content(source));
  }

  /** Runs a copy until it has told so often how far it is; returns whether it came to its end. */
  private static boolean runAndKill(String from, String to, int lines) throws Exception {
    String access = from.startsWith("nadb:fs:") ? "&access=read" : "";
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                    .orElseGet(() -> System.getProperty("java.class.path")),
                Copier.class.getName(),
                (from + access).replace("&segment=64kb", ""),
                to)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    boolean done = false;
    try (var output = child.inputReader(UTF_8)) {
      int told = 0;
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        done |= line.equals("done");
        if (++told == lines) {
          child.toHandle().destroyForcibly();
        }
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor()).as("killed, or done").isIn(137, 0);
    return done;
  }
}
