package io.nadb.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.codec.Codec;
import io.nadb.spring.cache.NadbCacheManager;
import io.nadb.spring.cache.NadbCacheSettings;
import io.nadb.spring.session.NadbIndexedSessionRepository;
import io.nadb.spring.session.NadbSession;
import io.nadb.testkit.redis.RedisCluster;
import io.nadb.testkit.redis.RedisServer;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two applications that share caches and sessions, on a Redis server and on a cluster. */
class SharedStoreIT {
  /** Of this run alone, on a server that may be anybody's. */
  private static final String DATABASE = "db=spring-" + UUID.randomUUID();

  private static RedisServer server;
  private static RedisCluster cluster;

  @BeforeAll
  static void startServers() {
    server = RedisServer.findOrStart();
    cluster = RedisCluster.start(3);
  }

  @AfterAll
  static void stopServers() {
    server.close();
    cluster.close();
  }

  private static String url(String kind) {
    return kind.equals("cluster") ? cluster.url(DATABASE) : server.url(DATABASE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "cluster"})
  void sessionsAreSharedAndDoNotComeBack(String kind) {
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore one = registry.open(url(kind));
        KeyValueStore two = StoreRegistry.create().open(url(kind));
        NadbIndexedSessionRepository first = NadbIndexedSessionRepository.builder(one).build();
        NadbIndexedSessionRepository second = NadbIndexedSessionRepository.builder(two).build()) {
      NadbSession session = first.createSession();
      session.setAttribute(PRINCIPAL_NAME_INDEX_NAME, "ada");
      first.save(session);
      NadbSession seen = found(second, session.getId());
      NadbSession also = found(first, session.getId());
      seen.setAttribute("seen", 1);
      also.setAttribute("also", 2);
      second.save(seen);
      first.save(also);
      assertThat(found(second, session.getId()).getAttributeNames()).contains("seen", "also");

      String before = session.getId();
      session.setAttribute("login", 3);
      String after = session.changeSessionId();
      first.save(session);
      assertThat(second.findById(before)).isNull();
      assertThat(second.findByPrincipalName("ada")).containsOnlyKeys(after);
      assertThat(found(second, after).getAttributeNames()).contains("seen", "also", "login");

      NadbSession underWay = found(first, after);
      NadbSession moving = found(first, after);
      second.deleteById(after);
      underWay.setAttribute("late", 4);
      first.save(underWay);
      String never = moving.changeSessionId();
      first.save(moving);
      assertThat(first.findById(after)).isNull();
      assertThat(first.findById(never)).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "cluster"})
  void cachesAreSharedAndEvictedByTag(String kind) {
    NadbCacheSettings settings =
        NadbCacheSettings.of(Codec.strings())
            .withTags((key, value) -> List.of(String.valueOf(value)));
    try (KeyValueStore one = StoreRegistry.create().open(url(kind));
        KeyValueStore two = StoreRegistry.create().open(url(kind));
        NadbCacheManager first = NadbCacheManager.builder(one).cache("c", settings).build();
        NadbCacheManager second = NadbCacheManager.builder(two).cache("c", settings).build()) {
      first.cache("c").put("1", "red");
      first.cache("c").put("2", "red");
      first.cache("c").put("3", null);
      assertThat(second.cache("c").get("1", String.class)).isEqualTo("red");

      assertThat(second.cache("c").evictByTags("red")).isEqualTo(2);
      assertThat(first.cache("c").get("1")).isNull();
      assertThat(first.cache("c").get("3")).isNotNull();
      second.cache("c").clear();
      assertThat(first.cache("c").invalidate()).isFalse();
    }
  }

  private static NadbSession found(NadbIndexedSessionRepository repository, String id) {
    return Objects.requireNonNull(repository.findById(id), "no session");
  }
}
