package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.spring.session.NadbIndexedSessionRepository;
import io.nadb.spring.session.NadbSession;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
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

  /** Two requests and a logout, through Spring's own filter. */
  @Test
  void anHttpSessionIsOneOfTheStore() {
    runner.run(
        context -> {
          SessionRepositoryFilter<?> filter = context.getBean(SessionRepositoryFilter.class);
          MockHttpServletResponse first =
              request(filter, null, session -> session.setAttribute("cart", "apple"));
          Cookie cookie = Objects.requireNonNull(first.getCookie("SESSION"));

          request(
              filter,
              cookie,
              session -> assertThat(session.getAttribute("cart")).isEqualTo("apple"));
          try (KeyValueStore sessions =
              context.getBean(KeyValueStore.class).namespace("sessions")) {
            assertThat(sessions.size()).isEqualTo(1);
            request(filter, cookie, HttpSession::invalidate);
            assertThat(sessions.size()).isZero();
            request(filter, cookie, session -> assertThat(session.getAttribute("cart")).isNull());
          }
        });
  }

  private static MockHttpServletResponse request(
      SessionRepositoryFilter<?> filter, @Nullable Cookie cookie, Consumer<HttpSession> handler)
      throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
    if (cookie != null) {
      request.setCookies(cookie);
    }
    MockHttpServletResponse response = new MockHttpServletResponse();
    filter.doFilter(
        request,
        response,
        (served, answer) -> handler.accept(((HttpServletRequest) served).getSession()));
    return response;
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
