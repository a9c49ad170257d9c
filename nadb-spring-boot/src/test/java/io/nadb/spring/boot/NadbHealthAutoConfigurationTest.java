package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class NadbHealthAutoConfigurationTest {
  private static final String BOOT_3 = "org.springframework.boot.actuate.health";
  private static final String BOOT_4 = "org.springframework.boot.health.contributor";

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(NadbAutoConfiguration.class, NadbHealthAutoConfiguration.class))
          .withPropertyValues("nadb.url=nadb:mem:app", "nadb.stores.logs.url=nadb:mem:logs");

  @Test
  void healthIsThatOfAllStores() {
    runner
        .withClassLoader(new FilteredClassLoader(BOOT_3))
        .run(
            context -> {
              Supplier<Health> health =
                  () -> Objects.requireNonNull(context.getBean(HealthIndicator.class).health());
              assertThat(health.get().getStatus().getCode()).isEqualTo("UP");
              assertThat(health.get().getDetails())
                  .isEqualTo(Map.of("nadbStore", "HEALTHY", "logsNadbStore", "HEALTHY"));

              context.getBean("logsNadbStore", KeyValueStore.class).close();

              assertThat(health.get().getStatus().getCode()).isEqualTo("DOWN");
              assertThat(health.get().getDetails()).containsEntry("logsNadbStore", "CLOSED");
            });
  }

  @Test
  void boot3HasItToo() {
    runner
        .withClassLoader(new FilteredClassLoader(BOOT_4))
        .run(
            context ->
                assertThat(
                        context
                            .getBean(org.springframework.boot.actuate.health.HealthIndicator.class)
                            .health()
                            .getStatus()
                            .getCode())
                    .isEqualTo("UP"));
  }

  @Test
  void itCanBeTurnedOff() {
    runner
        .withPropertyValues("management.health.nadb.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("nadbHealthIndicator"));
    runner
        .withClassLoader(new FilteredClassLoader(BOOT_3, BOOT_4))
        .run(context -> assertThat(context).doesNotHaveBean("nadbHealthIndicator"));
  }
}
