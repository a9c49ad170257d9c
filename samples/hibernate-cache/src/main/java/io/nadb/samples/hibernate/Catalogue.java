package io.nadb.samples.hibernate;

import java.net.URI;
import java.nio.file.Path;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;

/**
 * The books of a shop: in a database, and, as far as they were read, in a second-level cache beside
 * it that outlives the application.
 */
public final class Catalogue implements AutoCloseable {
  private final CacheManager caches;
  private final SessionFactory sessions;

  private Catalogue(CacheManager caches, SessionFactory sessions) {
    this.caches = caches;
    this.sessions = sessions;
  }

  /**
   * Opens the catalogue in a directory.
   *
   * <p>What a transaction has changed must not come back from the cache after a crash: {@code
   * durability=written} makes a change wait until it survives the death of the process.
   */
  public static Catalogue open(Path directory) {
    URI cache = URI.create("nadb:fs:" + directory.resolve("cache") + "?durability=written");
    CacheManager caches =
        Caching.getCachingProvider("io.nadb.jcache.NadbCachingProvider")
            .getCacheManager(cache, null);
    Configuration configuration =
        new Configuration()
            .addAnnotatedClass(Book.class)
            .setProperty("hibernate.connection.url", "jdbc:h2:" + directory.resolve("database"))
            .setProperty("hibernate.hbm2ddl.auto", "update")
            .setProperty("hibernate.cache.use_second_level_cache", "true")
            .setProperty("hibernate.cache.region.factory_class", "jcache")
            .setProperty("hibernate.javax.cache.missing_cache_strategy", "create")
            .setProperty("hibernate.generate_statistics", "true");
    configuration.getProperties().put("hibernate.javax.cache.cache_manager", caches);
    return new Catalogue(caches, configuration.buildSessionFactory());
  }

  /** Adds a book. */
  public void add(String isbn, String title) {
    sessions.inTransaction(session -> session.persist(new Book(isbn, title)));
  }

  /** Changes a book's title. */
  public void rename(String isbn, String title) {
    sessions.inTransaction(session -> session.find(Book.class, isbn).rename(title));
  }

  /** Finds a book's title, in the cache if it is there. */
  public String title(String isbn) {
    return sessions.fromTransaction(session -> session.find(Book.class, isbn).title());
  }

  /** How many statements the database was asked to run, since the catalogue was opened. */
  public long statements() {
    return sessions.getStatistics().getPrepareStatementCount();
  }

  @Override
  public void close() {
    sessions.close();
    caches.close();
  }
}
