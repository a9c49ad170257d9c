package io.nadb.benchmarks.caches;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.spring.session.NadbIndexedSessionRepository;
import io.nadb.testkit.redis.RedisServer;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.support.TransactionTemplate;

/** A request as Spring Session sees it: the session is found, changed, and saved. */
final class SessionContests {
  private SessionContests() {}

  static List<Contest> of(
      Path directory, RedisServer redis, int sessions, int operations, Closing closing) {
    KeyValueStore store =
        closing.add(NadbDriverManager.open("nadb:fs:" + directory.resolve("sessions")));
    KeyValueStore shared = closing.add(NadbDriverManager.open(redis.url() + "?db=sessions"));
    return List.of(
        new Contest(
            "Session: find, set an attribute, save",
            List.of(
                contender(
                    "nadb",
                    closing.add(NadbIndexedSessionRepository.builder(store).build()),
                    sessions),
                contender("Spring Session JDBC, H2 in a file", jdbc(directory, closing), sessions)),
            operations,
            null),
        new Contest(
            "Session on Redis: find, set an attribute, save",
            List.of(
                contender(
                    "nadb:redis:",
                    closing.add(NadbIndexedSessionRepository.builder(shared).build()),
                    sessions),
                contender("Spring Session Redis", redis(redis, closing), sessions)),
            operations,
            null));
  }

  private static <S extends Session> Contender contender(
      String label, SessionRepository<S> repository, int sessions) {
    String[] ids = new String[sessions];
    for (int i = 0; i < sessions; i++) {
      S session = repository.createSession();
      session.setAttribute("user", "user-" + i);
      repository.save(session);
      ids[i] = session.getId();
    }
    return new Contender(
        label,
        i -> {
          S session = repository.findById(ids[Math.floorMod(i * 7919, sessions)]);
          if (session == null || session.getAttribute("user") == null) {
            throw new IllegalStateException(label + " has lost a session");
          }
          session.setAttribute("page", "page-" + i);
          repository.save(session);
        });
  }

  private static JdbcIndexedSessionRepository jdbc(Path directory, Closing closing) {
    JdbcConnectionPool pool =
        JdbcConnectionPool.create(
            "jdbc:h2:file:" + directory.resolve("h2").toAbsolutePath(), "sa", "");
    closing.add((AutoCloseable) pool::dispose);
    DataSource source = pool;
    new ResourceDatabasePopulator(
            new ClassPathResource("org/springframework/session/jdbc/schema-h2.sql"))
        .execute(source);
    JdbcIndexedSessionRepository repository =
        new JdbcIndexedSessionRepository(
            new JdbcTemplate(source),
            new TransactionTemplate(new DataSourceTransactionManager(source)));
    repository.afterPropertiesSet();
    return repository;
  }

  private static RedisSessionRepository redis(RedisServer redis, Closing closing) {
    RedisTemplate<String, Object> template = new RedisTemplate<>();
    template.setKeySerializer(RedisSerializer.string());
    template.setHashKeySerializer(RedisSerializer.string());
    template.setConnectionFactory(closing.add(CacheContests.connection(redis)));
    template.afterPropertiesSet();
    return new RedisSessionRepository(template);
  }
}
