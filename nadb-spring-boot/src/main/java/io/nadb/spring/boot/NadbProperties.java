package io.nadb.spring.boot;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code nadb.*}.
 *
 * @param url URL of the store that is the bean nadbStore, as nadb:fs:./data.
 * @param options Options of that store, beside those in its URL.
 * @param stores Further stores, each a bean of its name with NadbStore behind it.
 * @param cache Spring's cache.
 * @param session Spring Session.
 */
@ConfigurationProperties("nadb")
record NadbProperties(
    @Nullable String url,
    @DefaultValue Map<String, String> options,
    @DefaultValue Map<String, Store> stores,
    @DefaultValue Cache cache,
    @DefaultValue Session session) {

  /**
   * A further store.
   *
   * @param url URL of the store.
   * @param options Options of the store, beside those in its URL.
   */
  record Store(@Nullable String url, @DefaultValue Map<String, String> options) {}

  /**
   * Spring's cache.
   *
   * @param timeToLive After what time entries expire; zero is never.
   * @param timeToLivePerCache The same for single caches, by their names.
   * @param cacheNullValues Whether null is a value.
   * @param createDynamically Whether caches that are named nowhere are made when they are used.
   * @param transactionAware Whether changes wait for the commit of Spring's transaction.
   */
  record Cache(
      @DefaultValue("0s") Duration timeToLive,
      @DefaultValue Map<String, Duration> timeToLivePerCache,
      @DefaultValue("true") boolean cacheNullValues,
      @DefaultValue("true") boolean createDynamically,
      @DefaultValue("false") boolean transactionAware) {}

  /**
   * Spring Session.
   *
   * @param namespace The namespace of sessions.
   */
  record Session(@DefaultValue("sessions") String namespace) {}
}
