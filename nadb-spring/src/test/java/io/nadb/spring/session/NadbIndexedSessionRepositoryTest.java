package io.nadb.spring.session;

import static io.nadb.spring.session.Sessions.found;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Faults;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NadbIndexedSessionRepositoryTest {
  private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

  @NadbStore(with = "namespace=sessions", group = "g")
  private KeyValueStore store;

  @NadbStore(group = "g")
  private VirtualTime time;

  @NadbStore(group = "g")
  private Faults faults;

  private NadbIndexedSessionRepository repository;

  @BeforeEach
  void open() {
    repository = NadbIndexedSessionRepository.builder(store).build();
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private NadbSession saved() {
    NadbSession session = repository.createSession();
    session.setAttribute("cart", new ArrayList<>(List.of("apple")));
    repository.save(session);
    return session;
  }

  @Test
  void whatWasSavedIsFound() {
    NadbSession session = repository.createSession();
    assertThat(session.isExpired()).isFalse();
    session.setAttribute("a", "1");
    session.setAttribute("b", 2);
    session.setAttribute("gone", "x");
    session.setAttribute("gone", null);
    assertThat(session.<Object>getAttribute("gone")).isNull();
    repository.save(session);

    NadbSession found = found(repository, session.getId());
    assertThat(found.getId()).isEqualTo(session.getId());
    assertThat(found.getAttributeNames()).containsExactlyInAnyOrder("a", "b");
    assertThat(found.<String>getAttribute("a")).isEqualTo("1");
    assertThat(found.<Integer>getAttribute("b")).isEqualTo(2);
    assertThat(found.<Object>getAttribute("none")).isNull();
    assertThat(found.getMaxInactiveInterval()).isEqualTo(HALF_AN_HOUR);
    assertThat(found.getCreationTime())
        .isEqualTo(Instant.ofEpochMilli(session.getCreationTime().toEpochMilli()));
    assertThat(found.getLastAccessedTime()).isEqualTo(time.now());
    assertThat(found.isExpired()).isFalse();
  }

  @Test
  void noSessionIsFoundByWhatIsNoId() {
    assertThat(repository.findById("unknown")).isNull();
    assertThat(repository.findById("")).isNull();
    assertThat(repository.findById("\ud800")).isNull();
    assertThat(repository.findById("x".repeat(70_000))).isNull();
  }

  @Test
  void itExpiresAfterTheIntervalWithoutUse() {
    String id = saved().getId();
    time.advance(Duration.ofMinutes(29));
    NadbSession used = found(repository, id);
    repository.save(used);

    time.advance(Duration.ofMinutes(29));
    assertThat(found(repository, id).getLastAccessedTime())
        .isEqualTo(time.now().minus(Duration.ofMinutes(29)));
    assertThat(used.isExpired()).isFalse();
    time.advance(Duration.ofMinutes(1));
    assertThat(repository.findById(id)).isNull();
    assertThat(used.isExpired()).isTrue();
  }

  @Test
  void aRequestThatChangesNothingOnlyRenewsTheTtl() {
    String id = saved().getId();
    Instant written = store.metadata(id).orElseThrow().updated();
    time.advance(Duration.ofMinutes(1));
    repository.save(found(repository, id));

    assertThat(store.metadata(id).orElseThrow().updated()).isEqualTo(written);
    assertThat(store.metadata(id).orElseThrow().expiresAt())
        .contains(time.now().plus(HALF_AN_HOUR));
  }

  @Test
  void theIntervalOfASessionMayChange() {
    String id = saved().getId();
    NadbSession session = found(repository, id);
    session.setMaxInactiveInterval(Duration.ofMinutes(5));
    repository.save(session);
    assertThat(found(repository, id).getMaxInactiveInterval()).isEqualTo(Duration.ofMinutes(5));

    session = found(repository, id);
    session.setMaxInactiveInterval(Duration.ofSeconds(-1));
    session.setLastAccessedTime(Instant.ofEpochSecond(7));
    repository.save(session);
    assertThat(store.metadata(id).orElseThrow().expiresAt()).isEmpty();
    session = found(repository, id);
    assertThat(session.getLastAccessedTime()).isEqualTo(Instant.ofEpochSecond(7));
    session.setLastAccessedTime(Instant.ofEpochSecond(8));
    repository.save(session);
    assertThat(found(repository, id).getLastAccessedTime()).isEqualTo(Instant.ofEpochSecond(8));

    session.setMaxInactiveInterval(Duration.ZERO);
    repository.save(session);
    time.advance(Duration.ofMillis(1));
    assertThat(repository.findById(id)).isNull();
  }

  @Test
  void newSessionsHaveTheIntervalOfTheRepository() {
    try (NadbIndexedSessionRepository other =
        NadbIndexedSessionRepository.builder(store)
            .maxInactiveInterval(Duration.ofHours(1))
            .ids(() -> "fixed")
            .build()) {
      other.save(other.createSession());

      assertThat(store.metadata("fixed").orElseThrow().expiresAt())
          .contains(time.now().plus(Duration.ofHours(1)));
      assertThatThrownBy(() -> other.save(other.createSession()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("ids must be random");
    }
  }

  @Test
  void aSessionDoesNotComeBackAfterLogout() {
    String id = saved().getId();
    NadbSession underWay = found(repository, id);
    NadbSession unchanged = found(repository, id);
    NadbSession moving = found(repository, id);
    repository.deleteById(id);

    underWay.setAttribute("late", "x");
    repository.save(underWay);
    repository.save(unchanged);
    moving.changeSessionId();
    repository.save(moving);

    assertThat(store.size()).isZero();
    assertThat(underWay.isExpired()).isTrue();
  }

  @Test
  void aLogoutBetweenTheReadAndTheWriteOfASaveIsSeen() {
    String id = saved().getId();
    NadbSession underWay = found(repository, id);
    underWay.setAttribute("late", "x");
    faults.afterNextRead(id, () -> repository.deleteById(id));
    repository.save(underWay);

    assertThat(store.size()).isZero();
  }

  @Test
  void twoRequestsThatMeetLoseNoAttribute() {
    String id = saved().getId();
    NadbSession first = found(repository, id);
    NadbSession second = found(repository, id);
    NadbSession third = found(repository, id);
    first.setAttribute("first", 1);
    second.setAttribute("second", 2);
    third.removeAttribute("cart");
    repository.save(first);
    faults.afterNextRead(id, () -> repository.save(third));
    repository.save(second);

    assertThat(found(repository, id).getAttributeNames())
        .containsExactlyInAnyOrder("first", "second");
  }

  @Test
  void aSaveThatIsRepeatedSavesOnlyWhatIsNew() {
    NadbSession session = saved();
    NadbSession other = found(repository, session.getId());
    other.setAttribute("cart", "other");
    repository.save(other);
    session.setAttribute("more", "x");
    repository.save(session);

    assertThat(found(repository, session.getId()).<String>getAttribute("cart")).isEqualTo("other");
  }

  @Test
  void theIdChangesInOneStepAndTheOldOneIsGone() {
    NadbSession session = saved();
    String before = session.getId();
    NadbSession other = found(repository, before);
    session.setAttribute("more", "x");
    String after = session.changeSessionId();
    assertThat(session.isExpired()).isFalse();
    other.setAttribute("late", "x");
    repository.save(session);
    repository.save(other);

    assertThat(after).isNotEqualTo(before);
    assertThat(store.keys("")).containsExactly(after);
    assertThat(found(repository, after).getAttributeNames())
        .containsExactlyInAnyOrder("cart", "more");
    session.setAttribute("again", "x");
    repository.save(session);
    assertThat(found(repository, after).getAttributeNames()).contains("again");
  }

  @Test
  void aNewSessionMayChangeItsId() {
    NadbSession session = repository.createSession();
    String after = session.changeSessionId();
    repository.save(session);
    assertThat(store.keys("")).containsExactly(after);
  }

  @Test
  void sessionsAreFoundByThePrincipalsName() {
    NadbSession ada = saved();
    ada.setAttribute(PRINCIPAL_NAME_INDEX_NAME, "ada");
    repository.save(ada);
    NadbSession alsoAda = saved();
    alsoAda.setAttribute(PRINCIPAL_NAME_INDEX_NAME, "ada");
    repository.save(alsoAda);
    saved();

    assertThat(repository.findByPrincipalName("ada"))
        .containsOnlyKeys(ada.getId(), alsoAda.getId());
    assertThat(repository.findByPrincipalName("grace")).isEmpty();

    // Another request, which knew nothing of the login, changes something else.
    alsoAda.removeAttribute(PRINCIPAL_NAME_INDEX_NAME);
    repository.save(alsoAda);
    NadbSession request = found(repository, ada.getId());
    request.setAttribute("page", 1);
    repository.save(request);
    ada.changeSessionId();
    repository.save(ada);
    assertThat(repository.findByPrincipalName("ada")).containsOnlyKeys(ada.getId());
  }

  @Test
  void sessionsMayBeElsewhereAndFoundBySomethingElse() {
    try (NadbIndexedSessionRepository other =
            NadbIndexedSessionRepository.builder(store)
                .namespace("others")
                .indexes(
                    session ->
                        Map.of("tenant", session.getRequiredAttribute("tenant"), "owner", "ada"))
                .build();
        KeyValueStore others = store.namespace("others")) {
      NadbSession session = other.createSession();
      session.setAttribute("tenant", "acme");
      other.save(session);

      assertThat(others.keys("")).containsExactly(session.getId());
      assertThat(store.size()).isZero();
      assertThat(other.findByIndexNameAndIndexValue("tenant", "acme"))
          .containsOnlyKeys(session.getId());
      assertThat(other.findByIndexNameAndIndexValue("tenant", "other")).isEmpty();
      assertThat(other.findByIndexNameAndIndexValue("owner", "acme")).isEmpty();
    }
  }

  @Test
  void theIntervalThatAnotherRequestHasSetStays() {
    String id = saved().getId();
    NadbSession request = found(repository, id);
    request.setMaxInactiveInterval(Duration.ofMinutes(10));
    repository.save(request);
    NadbSession other = found(repository, id);
    other.setMaxInactiveInterval(Duration.ofMinutes(5));
    repository.save(other);
    request.setAttribute("page", 1);
    repository.save(request);

    assertThat(found(repository, id).getMaxInactiveInterval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(store.metadata(id).orElseThrow().expiresAt())
        .contains(time.now().plus(Duration.ofMinutes(5)));
  }

  @Test
  void closingEndsTheHandleAndLeavesTheSessions() {
    String id = saved().getId();
    repository.close();
    repository.close();

    assertThatThrownBy(() -> repository.findById(id)).isInstanceOf(IllegalStateException.class);
    assertThat(store.contains(id)).isTrue();
  }

  @Test
  void theIndexIsThatOfAllRequestsTogether() {
    String id = saved().getId();
    NadbSession login = found(repository, id);
    NadbSession other = found(repository, id);
    login.setAttribute(PRINCIPAL_NAME_INDEX_NAME, "ada");
    repository.save(login);
    other.setAttribute("page", 1);
    repository.save(other);

    assertThat(repository.findByPrincipalName("ada")).containsOnlyKeys(id);
  }
}
