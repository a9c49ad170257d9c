package io.nadb.spring.boot.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.codec.Codec;
import io.nadb.spring.boot.NadbCacheManagerCustomizer;
import io.nadb.spring.cache.NadbCacheSettings;
import io.nadb.spring.session.NadbIndexedSessionRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.session.events.AbstractSessionEvent;

/** An application with a store, a cache and sessions, which knows nothing of tests. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableCaching
class ShopApplication {
  private final List<String> events = new CopyOnWriteArrayList<>();

  @Bean
  Carts carts(KeyValueStore store) {
    return new Carts(store);
  }

  @Bean
  Prices prices() {
    return new Prices();
  }

  @Bean
  NadbCacheManagerCustomizer priceCache() {
    return builder -> builder.cache("prices", NadbCacheSettings.of(Codec.strings()));
  }

  @Bean
  NadbIndexedSessionRepository sessions(KeyValueStore store, ApplicationEventPublisher events) {
    return NadbIndexedSessionRepository.builder(store).events(events).build();
  }

  @EventListener
  void on(AbstractSessionEvent event) {
    events.add(event.getClass().getSimpleName());
  }

  List<String> takeEvents() {
    List<String> taken = new ArrayList<>(events);
    events.clear();
    return taken;
  }

  /** What customers want to buy. */
  record Carts(KeyValueStore store) {
    void put(String customer, String item) {
      store.set(customer, item.getBytes(UTF_8));
    }

    String of(String customer) {
      return store.get(customer).map(item -> new String(item, UTF_8)).orElse("nothing");
    }
  }

  /** Prices, which take long to find out. */
  static class Prices {
    final AtomicInteger questions = new AtomicInteger();

    @Cacheable("prices")
    public String of(String item) {
      return item + " costs " + questions.incrementAndGet();
    }

    int questions() {
      return questions.get();
    }
  }
}
