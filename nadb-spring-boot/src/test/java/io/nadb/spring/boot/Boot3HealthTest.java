package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Health as Boot 3 asks for it; the build has the classes of both, and hides the others. */
class Boot3HealthTest {
  private static final String OTHER = "org.springframework.boot.health.contributor";

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(NadbAutoConfiguration.class, NadbHealthAutoConfiguration.class))
          .withClassLoader(new FilteredClassLoader(OTHER))
          .withPropertyValues("nadb.url=nadb:mem:app", "nadb.stores.logs.url=nadb:mem:logs");

  @Test
  void healthIsThatOfAllStores() {
    runner.run(
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
  void itCanBeTurnedOff() {
    runner
        .withPropertyValues("management.health.nadb.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("nadbHealthIndicator"));
    runner
        .withPropertyValues("management.health.defaults.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("nadbHealthIndicator"));
    runner
        .withPropertyValues(
            "management.health.defaults.enabled=off", "management.health.nadb.enabled=on")
        .run(context -> assertThat(context).hasBean("nadbHealthIndicator"));
  }

  @Test
  void withoutActuatorThereIsNone() {
    runner
        .withClassLoader(new FilteredClassLoader(OTHER, HealthIndicator.class.getPackageName()))
        .run(context -> assertThat(context).doesNotHaveBean("nadbHealthIndicator"));
  }
}
