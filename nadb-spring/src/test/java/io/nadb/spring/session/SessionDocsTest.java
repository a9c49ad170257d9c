package io.nadb.spring.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.SessionRepository;
import org.springframework.session.events.SessionCreatedEvent;

/** Runs what docs/spring.md shows of sessions, in an application context. */
class SessionDocsTest {

  @Configuration
  static class Sessions {
    @Bean
    KeyValueStore store() {
      return StoreRegistry.create().open("nadb:mem:docs");
    }

    @Bean
    NadbIndexedSessionRepository sessionRepository(
        KeyValueStore store, ApplicationEventPublisher publisher) {
      return NadbIndexedSessionRepository.builder(store)
          .maxInactiveInterval(Duration.ofMinutes(30))
          .events(publisher)
          .build();
    }

    @Bean
    List<String> created() {
      return new ArrayList<>();
    }

    @Bean
    ApplicationListener<SessionCreatedEvent> listener(List<String> created) {
      return event -> created.add(event.getSessionId());
    }
  }

  @Test
  void anApplicationHasSessions() {
    try (AnnotationConfigApplicationContext context =
        new AnnotationConfigApplicationContext(Sessions.class)) {
      save(context.getBean(NadbIndexedSessionRepository.class));

      assertThat((List<?>) context.getBean("created")).hasSize(1);
    }
  }

  private static void save(SessionRepository<NadbSession> repository) {
    NadbSession session = repository.createSession();
    repository.save(session);
    assertThat(repository.findById(session.getId())).isNotNull();
  }
}
