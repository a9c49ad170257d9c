package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user who may do what {@code docs/redis.md} says, and nothing else, can use a store. */
class RedisPermissionsIT {
  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());

  @AfterEach
  void close() {
    registry.close();
  }

  /** The rules of the page for a user who writes. */
  private static List<String> rules() throws IOException {
    return rules("app");
  }

  private static List<String> rules(String user) throws IOException {
    String line =
        Files.readAllLines(Path.of("..", "docs", "redis.md")).stream()
            .filter(text -> text.startsWith("ACL SETUSER " + user + " "))
            .findFirst()
            .orElseThrow();
    return List.of(line.split(" "));
  }

  private static void addUser(RedisServer server, Stream<String> rules) {
    assertThat(server.command(rules.toArray(String[]::new))).isEqualTo("OK");
  }

  private static void assertUsable(KeyValueStore store) {
    Duration ttl = Duration.ofHours(1);
    store.set("a", "1".getBytes(UTF_8), SetOptions.tags("t", "u").withTtl(ttl));
    store.set("b", "2".getBytes(UTF_8), SetOptions.tags("t"));
    store.set("b", "3".getBytes(UTF_8), SetOptions.none().keepingTags().keepingTtl());
    store.flush();
    assertThat(store.get("b")).contains("3".getBytes(UTF_8));
    assertThat(store.contains("a")).isTrue();
    assertThat(store.metadata("a")).isPresent();
    assertThat(store.queryByTags("t", "u")).extracting(EntryMetadata::key).containsExactly("a");
    assertThat(store.tags()).containsOnlyKeys("t", "u");
    assertThat(store.keys("")).containsExactly("a", "b");
    assertThat(store.delete("a")).isTrue();
    assertThat(store.setIfAbsent("c", "4".getBytes(UTF_8), SetOptions.tags("t"))).isTrue();
    assertThat(store.increment("c", 3)).isEqualTo(7);
    assertThat(store.touch("c", ttl)).isTrue();
    assertThat(store.replace("c", "7".getBytes(UTF_8), "8".getBytes(UTF_8))).isTrue();
    assertThat(store.entry("c")).isPresent();
    assertThat(store.size()).isEqualTo(2);
    assertThat(store.getAndDelete("c")).contains("8".getBytes(UTF_8));
    assertThat(store.setIfAbsent("{x}", "5".getBytes(UTF_8), SetOptions.tags("t"))).isTrue();
    store.transaction(
        transaction -> {
          transaction.set("{x}y", "6".getBytes(UTF_8), SetOptions.tags("u").withTtl(ttl));
          return transaction.delete("{x}");
        });
    assertThat(store.keys("{")).containsExactly("{x}y");
    store.cleanupExpired();
    store.clear();
    store.flush();
    assertThat(store.keys("")).isEmpty();
  }

  @Test
  void aServersUserNeedsNoMoreThanThePageSays() throws IOException {
    try (RedisServer server = RedisServer.start()) {
      addUser(server, rules().stream());
      String url = "nadb:redis://app:secret@127.0.0.1:" + server.port();

      assertUsable(registry.open(url + "?db=direct"));
      assertUsable(registry.open(url + "?db=buffered&buffer=1mb"));
    }
  }

  /** What the page says that {@code near} needs besides. */
  private static List<String> nearRules() throws IOException {
    String line =
        Files.readAllLines(Path.of("..", "docs", "redis.md")).stream()
            .filter(text -> text.startsWith("+client|id"))
            .findFirst()
            .orElseThrow();
    return List.of(line.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "reader"})
  void whoKeepsEntriesNearNeedsNoMoreThanThePageSays(String user) throws IOException {
    try (RedisServer server = RedisServer.start()) {
      addUser(server, Stream.concat(rules(user).stream(), nearRules().stream()));
      String url = "nadb:redis://" + user + ":secret@127.0.0.1:" + server.port() + "?near=1mb";
      KeyValueStore store = registry.open(url);
      if (user.equals("app")) {
        assertUsable(store);
      }
      while (store.stats().nearHits() == 0) {
        assertThat(store.get("k")).isEmpty();
      }
      for (String rule : nearRules()) {
        addUser(server, Stream.of("ACL", "SETUSER", user, "resetchannels", "allchannels"));
        List<String> less =
            List.of(rule.startsWith("&") ? "resetchannels" : "-" + rule.substring(1));
        addUser(server, Stream.concat(Stream.of("ACL", "SETUSER", user), less.stream()));
        try (StoreRegistry other = StoreRegistry.create(TimeSource.system())) {
          assertThatThrownBy(() -> other.open(url))
              .as("without " + rule)
              .isInstanceOf(NadbException.class)
              .hasMessageContaining("option near");
        }
        addUser(server, Stream.of("ACL", "SETUSER", user, rule));
      }
    }
  }

  @Test
  void aClustersUserNeedsNoMoreThanThePageSays() throws IOException {
    try (RedisCluster cluster = RedisCluster.start(3)) {
      for (RedisServer node : cluster.nodes()) {
        addUser(node, rules().stream());
      }
      KeyValueStore store =
          registry.open("nadb:redis-cluster://app:secret@" + cluster.endpoints() + "?partitions=4");
      assertUsable(store);
    }
  }

  @Test
  void aUserWhoMayOnlyReadOpensAndReadsAndSweeps() throws IOException {
    try (RedisServer server = RedisServer.start()) {
      addUser(server, rules("reader").stream());
      KeyValueStore writer = registry.open(server.url("sweep=off"));
      Duration ttl = Duration.ofHours(1);
      writer.set("a", "1".getBytes(UTF_8), SetOptions.tags("t").withTtl(ttl));
      writer.set("gone", "1".getBytes(UTF_8), SetOptions.tags("t").withTtl(ttl));
      server.command("DEL", "nadb:{main:default}:e:gone");
      server.command("ZADD", "nadb:{main:default}:x", "1", "[\"t\"]\na");
      try (StoreRegistry other = StoreRegistry.create(TimeSource.system())) {
        String url = "nadb:redis://reader:secret@127.0.0.1:" + server.port();
        KeyValueStore reader = other.open(url);

        assertThat(reader.get("a")).contains("1".getBytes(UTF_8));
        assertThat(reader.metadata("a")).isPresent();
        assertThat(reader.queryByTags("t")).extracting(EntryMetadata::key).containsExactly("a");
        assertThat(reader.tags()).containsOnlyKeys("t");
        assertThat(reader.keys("")).containsExactly("a");
        assertThat(reader.size()).isEqualTo(1);
        assertThat(reader.<Boolean>transaction(each -> each.contains("a"))).isTrue();
        assertThat(reader.cleanupExpired()).isZero();
        assertThatThrownBy(() -> reader.set("a", new byte[1]))
            .isInstanceOf(NadbException.class)
            .hasMessageContaining("permission");
        assertThatThrownBy(() -> reader.delete("a")).hasMessageContaining("permission");
        assertThat(other.open(url + "?db=new").keys(""))
            .as("one that nobody has laid out")
            .isEmpty();
      }
      assertThat(server.command("EXISTS", "nadb:{new}:format")).isEqualTo("0");
    }
  }

  @Test
  void whoeverMayNotDoItIsToldWhatHeNeeds() throws IOException {
    try (RedisServer server = RedisServer.start()) {
      addUser(server, Stream.concat(rules().stream(), Stream.of("-time")));

      assertThatThrownBy(
              () -> {
                String url = "nadb:redis://app:secret@127.0.0.1:" + server.port();
                registry.open(url).set("k", new byte[1]);
              })
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("lacks the permission")
          .hasMessageContaining("docs/redis.md");
    }
  }
}
