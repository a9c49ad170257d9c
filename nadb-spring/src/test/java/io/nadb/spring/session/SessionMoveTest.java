package io.nadb.spring.session;

import static io.nadb.spring.session.Sessions.found;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Faults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change of id where two keys can't change together. */
class SessionMoveTest {
  @NadbStore(with = "namespace=sessions", group = "g")
  private KeyValueStore store;

  @NadbStore(group = "g")
  private Faults faults;

  private NadbIndexedSessionRepository repository;

  /** Another instance, whose requests change one key each. */
  private NadbIndexedSessionRepository plain;

  @BeforeEach
  void open() {
    repository = NadbIndexedSessionRepository.builder(Altered.withoutTransactions(store)).build();
    plain = NadbIndexedSessionRepository.builder(store).build();
  }

  @AfterEach
  void close() {
    plain.close();
    repository.close();
  }

  private NadbSession saved() {
    NadbSession session = repository.createSession();
    session.setAttribute("a", 1);
    repository.save(session);
    return session;
  }

  @Test
  void theSessionGoesOnByItsNewId() {
    NadbSession session = saved();
    session.setAttribute("b", 2);
    String id = session.changeSessionId();
    repository.save(session);

    assertThat(store.keys("")).containsExactly(id);
    assertThat(found(repository, id).getAttributeNames()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aSessionThatIsGoneStaysSo() {
    NadbSession session = saved();
    repository.deleteById(session.getId());
    session.changeSessionId();
    repository.save(session);

    assertThat(store.size()).isZero();
  }

  @Test
  void whatAnotherRequestChangesInBetweenIsNotLost() {
    NadbSession session = saved();
    NadbSession other = found(plain, session.getId());
    other.setAttribute("late", 3);
    String before = session.getId();
    String id = session.changeSessionId();
    faults.afterNextRead(before, () -> plain.save(other));
    repository.save(session);

    assertThat(store.keys("")).containsExactly(id);
    assertThat(found(repository, id).getAttributeNames()).containsExactlyInAnyOrder("a", "late");
  }

  @Test
  void aLogoutInBetweenIsSeen() {
    NadbSession session = saved();
    String before = session.getId();
    session.changeSessionId();
    faults.afterNextRead(before, () -> repository.deleteById(before));
    repository.save(session);

    assertThat(store.size()).isZero();
  }
}
