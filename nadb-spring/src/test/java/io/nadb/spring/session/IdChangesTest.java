package io.nadb.spring.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.junit.NadbStore;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdChangesTest {
  @NadbStore private KeyValueStore store;

  private final IdChanges changes = new IdChanges();
  private Removal removal;

  @BeforeEach
  void remove() {
    store.set("s1", new byte[1]);
    EntryMetadata gone = store.metadata("s1").orElseThrow();
    removal = new Removal(RemovalCause.DELETED, 2, gone, Optional.empty());
  }

  @Test
  void aRemovalOfWhatNobodyChangesIsTheSessions() {
    assertThat(changes.takes(removal)).isFalse();
  }

  @Test
  void aRemovalThatIsToldAfterTheChangeIsTakenOnce() {
    changes.begin("s1");
    assertThat(changes.end("s1", true)).isEmpty();

    assertThat(changes.takes(removal)).isTrue();
    assertThat(changes.takes(removal)).isFalse();
  }

  @Test
  void aRemovalThatIsToldBeforeTheChangeEndsIsTakenOnce() {
    changes.begin("s1");
    assertThat(changes.takes(removal)).isTrue();
    assertThat(changes.end("s1", true)).isEmpty();

    assertThat(changes.takes(removal)).isFalse();
  }

  @Test
  void aRemovalAmidAChangeThatCameTooLateComesBack() {
    changes.begin("s1");
    assertThat(changes.takes(removal)).isTrue();

    assertThat(changes.end("s1", false)).contains(removal);
    assertThat(changes.takes(removal)).isFalse();
  }

  @Test
  void ofTwoChangesTheOneThatIsDoneHasTheRemoval() {
    changes.begin("s1");
    changes.begin("s1");
    assertThat(changes.takes(removal)).isTrue();
    assertThat(changes.end("s1", false)).isEmpty();
    assertThat(changes.end("s1", true)).isEmpty();
    assertThat(changes.takes(removal)).isFalse();

    changes.begin("s1");
    changes.begin("s1");
    assertThat(changes.end("s1", true)).isEmpty();
    assertThat(changes.end("s1", false)).isEmpty();
    assertThat(changes.takes(removal)).isTrue();
    assertThat(changes.takes(removal)).isFalse();
  }

  @Test
  void whatHasNotBegunDoesNotEnd() {
    assertThatThrownBy(() -> changes.end("s1", true)).isInstanceOf(IllegalStateException.class);
  }
}
