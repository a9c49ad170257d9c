package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.StoreRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class NadbAutoConfigurationTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(NadbAutoConfiguration.class));

  @Test
  void withoutAUrlThereIsNoStore() {
    runner.run(context -> assertThat(context).doesNotHaveBean(KeyValueStore.class));
  }

  @Test
  void theUrlIsTheStore() {
    runner
        .withPropertyValues("nadb.url=nadb:mem:app", "nadb.options.buffer=2mb")
        .run(
            context -> {
              assertThat(context).hasSingleBean(KeyValueStore.class).hasBean("nadbStore");
              KeyValueStore store = context.getBean(KeyValueStore.class);
              assertThat(store.stats().bufferLimitBytes()).isEqualTo(2 << 20);
              store.set("k", new byte[1]);
            });
  }

  @Test
  void theContextClosesIt(@TempDir Path directory) {
    String url = "nadb:fs:" + directory.resolve("data");
    runner
        .withPropertyValues("nadb.url=" + url)
        .run(context -> context.getBean(KeyValueStore.class).set("k", new byte[1]));

    try (KeyValueStore again = NadbDriverManager.open(url)) {
      assertThat(again.contains("k")).as("closed, and nothing is lost").isTrue();
    }
  }

  @Test
  void noHookOfNadbsClosesItUnlessTheApplicationSaysSo() {
    String url = "nadb:mem:app";
    runner
        .withPropertyValues("nadb.url=" + url)
        .run(context -> assertThat(isOpenWith(context, "off")).isTrue());
    runner
        .withPropertyValues("nadb.url=" + url + "?shutdown=discard")
        .run(context -> assertThat(isOpenWith(context, "discard")).isTrue());
    runner
        .withPropertyValues("nadb.url=" + url, "nadb.options.shutdown=flush")
        .run(context -> assertThat(isOpenWith(context, "flush")).isTrue());
  }

  @Test
  void nadbsHookStaysWhereTheContextHasNone() {
    runner
        .withPropertyValues("nadb.url=nadb:mem:app", "spring.main.register-shutdown-hook=false")
        .run(context -> assertThat(isOpenWith(context, "flush")).isTrue());
  }

  @Test
  void aStoreWithoutAUrlIsAnErrorOfTheProperty() {
    runner
        .withPropertyValues("nadb.stores.orders.options.flush=1s")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                    .hasMessageContaining("nadb.stores.orders.url"));
  }

  /** Whether the store is open with an option: a second handle with another one is refused. */
  private static boolean isOpenWith(ApplicationContext context, String shutdown) {
    StoreRegistry registry = context.getBean(StoreRegistry.class);
    try (KeyValueStore second = registry.open("nadb:mem:app?shutdown=" + shutdown)) {
      return second.stats().sequence() == 0;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Test
  void thereMayBeSeveralStores() {
    runner
        .withPropertyValues(
            "nadb.url=nadb:mem:app",
            "nadb.stores.orders.url=nadb:mem:orders",
            "nadb.stores.orders.options.buffer=4mb",
            "nadb.stores.logs.url=nadb:mem:logs")
        .run(
            context -> {
              assertThat(context.getBeanNamesForType(KeyValueStore.class))
                  .containsExactlyInAnyOrder("nadbStore", "ordersNadbStore", "logsNadbStore");
              assertThat(context.getBean(KeyValueStore.class))
                  .isSameAs(context.getBean("nadbStore"));
              KeyValueStore orders = context.getBean("ordersNadbStore", KeyValueStore.class);
              assertThat(orders.stats().bufferLimitBytes()).isEqualTo(4 << 20);
            });
  }

  @Configuration
  static class OwnStore {
    @Bean
    KeyValueStore mine() {
      return StoreRegistry.create().open("nadb:mem:mine");
    }
  }

  @Test
  void aStoreOfTheApplicationsOwnComesFirst() {
    runner
        .withUserConfiguration(OwnStore.class)
        .withPropertyValues("nadb.url=nadb:mem:app")
        .run(context -> assertThat(context).hasSingleBean(KeyValueStore.class).hasBean("mine"));
  }

  @Test
  void twoContextsHaveTwoRegistries() {
    ApplicationContextRunner both = runner.withPropertyValues("nadb.url=nadb:mem:same");
    both.run(
        one -> {
          one.getBean(KeyValueStore.class).set("k", new byte[1]);
          both.run(two -> assertThat(two.getBean(KeyValueStore.class).contains("k")).isFalse());
        });
  }
}
