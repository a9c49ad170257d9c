package io.nadb.spring.session;

import static io.nadb.spring.session.Sessions.found;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Faults;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.session.Session;
import org.springframework.session.events.AbstractSessionEvent;

class SessionEventsTest {
  @NadbStore(with = "namespace=sessions", group = "g")
  private KeyValueStore store;

  @NadbStore(group = "g")
  private VirtualTime time;

  @NadbStore(group = "g")
  private Faults faults;

  private final List<String> events = new ArrayList<>();
  private final ApplicationEventPublisher publisher =
      event -> {
        if (event instanceof AbstractSessionEvent told) {
          Session session = told.getSession();
          events.add(
              event.getClass().getSimpleName()
                  + " "
                  + session.getId()
                  + " "
                  + session.getAttribute("a"));
        }
      };

  private NadbIndexedSessionRepository repository;
  private int ids;

  @BeforeEach
  void open() {
    repository = repository(store);
  }

  private NadbIndexedSessionRepository repository(KeyValueStore store) {
    return NadbIndexedSessionRepository.builder(store)
        .events(publisher)
        .ids(() -> "s" + ++ids)
        .build();
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private NadbSession saved() {
    NadbSession session = repository.createSession();
    session.setAttribute("a", "1");
    repository.save(session);
    return session;
  }

  @Test
  void createdAndDeletedAreToldOnce() {
    NadbSession session = saved();
    session.setAttribute("a", "2");
    repository.save(session);
    repository.save(session);
    repository.deleteById("s1");
    repository.deleteById("s1");
    repository.save(session);

    assertThat(events).containsExactly("SessionCreatedEvent s1 1", "SessionDeletedEvent s1 2");
  }

  @Test
  void expiredIsToldOnceWithoutAnybodyAsking() {
    saved();
    time.advance(Duration.ofMinutes(31));
    repository.deleteById("s1");

    assertThat(events).containsExactly("SessionCreatedEvent s1 1", "SessionExpiredEvent s1 1");
  }

  @Test
  void whatIsClearedAwayIsDeleted() {
    saved();
    store.clear();

    assertThat(events).containsExactly("SessionCreatedEvent s1 1", "SessionDeletedEvent s1 1");
  }

  @Test
  void aChangeOfIdIsNoDeletion() {
    NadbSession session = saved();
    session.changeSessionId();
    repository.save(session);
    repository.deleteById("s2");

    assertThat(events).containsExactly("SessionCreatedEvent s1 1", "SessionDeletedEvent s2 1");
  }

  @Test
  void aLogoutAmidAChangeOfIdIsTold() {
    NadbSession session = saved();
    session.changeSessionId();
    faults.afterNextRead("s1", () -> repository.deleteById("s1"));
    repository.save(session);

    assertThat(events).containsExactly("SessionCreatedEvent s1 1", "SessionDeletedEvent s1 1");
  }

  @Test
  void ofTwoChangesOfIdThatMeetNoneIsADeletion() {
    NadbSession session = saved();
    NadbSession other = found(repository, "s1");
    session.changeSessionId();
    other.changeSessionId();
    faults.afterNextRead("s1", () -> repository.save(other));
    repository.save(session);
    repository.deleteById("s3");

    assertThat(events).containsExactly("SessionCreatedEvent s1 1", "SessionDeletedEvent s3 1");
  }

  @Test
  void aChangeOfIdThatCameTooLateHidesNoLaterDeletion() {
    NadbSession session = saved();
    repository.deleteById("s1");
    session.changeSessionId();
    repository.save(session);
    ids = 0;
    saved();
    repository.deleteById("s1");

    assertThat(events)
        .containsExactly(
            "SessionCreatedEvent s1 1",
            "SessionDeletedEvent s1 1",
            "SessionCreatedEvent s1 1",
            "SessionDeletedEvent s1 1");
  }

  @Test
  void aSessionThatCantBeReadIsToldWithItsId() {
    store.set("x", new byte[] {1});
    assertThat(repository.findById("x")).isNull();

    assertThat(events).containsExactly("SessionDeletedEvent x null");
  }

  @Test
  void nothingIsToldAfterClosing() {
    saved();
    repository.close();
    store.delete("s1");

    assertThat(events).containsExactly("SessionCreatedEvent s1 1");
  }

  @Test
  void aStoreThatTellsNoRemovalsLeavesWhatTheRepositoryDeletes() {
    try (NadbIndexedSessionRepository quiet = repository(Altered.withoutRemovals(store))) {
      NadbSession session = quiet.createSession();
      quiet.save(session);
      events.clear();
      repository.close();
      session = found(quiet, session.getId());
      session.changeSessionId();
      quiet.save(session);
      quiet.deleteById(session.getId());
      quiet.deleteById(session.getId());

      assertThat(events).containsExactly("SessionDeletedEvent s2 null");
    }
  }
}
