package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.spring.session.NadbIndexedSessionRepository;
import io.nadb.spring.session.NadbSession;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.SessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;

class NadbSessionAutoConfigurationTest {
  private static final AutoConfigurations CONFIGURATIONS =
      AutoConfigurations.of(NadbAutoConfiguration.class, NadbSessionAutoConfiguration.class);

  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner()
          .withConfiguration(CONFIGURATIONS)
          .withPropertyValues("nadb.url=nadb:mem:app");

  @Configuration
  static class OwnSessions {
    @Bean
    MapSessionRepository mine() {
      return new MapSessionRepository(new ConcurrentHashMap<>());
    }
  }

  @Test
  void aWebApplicationHasSessionsOnTheStore() {
    runner.run(
        context -> {
          assertThat(context)
              .hasSingleBean(SessionRepository.class)
              .hasSingleBean(SessionRepositoryFilter.class);
          assertThat(interval(context.getBean(NadbIndexedSessionRepository.class)))
              .isEqualTo(Duration.ofMinutes(30));
        });
  }

  @Test
  void theTimeoutIsThatOfBoot() {
    runner
        .withPropertyValues("server.servlet.session.timeout=5m")
        .run(
            context ->
                assertThat(interval(context.getBean(NadbIndexedSessionRepository.class)))
                    .isEqualTo(Duration.ofMinutes(5)));
    runner
        .withPropertyValues("server.servlet.session.timeout=5m", "spring.session.timeout=90")
        .run(
            context ->
                assertThat(interval(context.getBean(NadbIndexedSessionRepository.class)))
                    .isEqualTo(Duration.ofSeconds(90)));
  }

  private static Duration interval(NadbIndexedSessionRepository repository) {
    NadbSession session = repository.createSession();
    repository.save(session);
    return session.getMaxInactiveInterval();
  }

  @Test
  void othersComeFirst() {
    runner
        .withUserConfiguration(OwnSessions.class)
        .run(context -> assertThat(context).hasSingleBean(MapSessionRepository.class));
    new ApplicationContextRunner()
        .withConfiguration(CONFIGURATIONS)
        .withPropertyValues("nadb.url=nadb:mem:app")
        .run(context -> assertThat(context).doesNotHaveBean(SessionRepository.class));
  }
}
