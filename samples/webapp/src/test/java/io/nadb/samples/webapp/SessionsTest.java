package io.nadb.samples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.NadbHarness;
import org.junit.jupiter.api.Test;

/** How do I test a race? By placing it: here, a logout between the two steps of a request. */
class SessionsTest {
  @NadbStore private KeyValueStore store;
  @NadbStore private NadbHarness harness;

  @Test
  void aLogoutThatComesInTheMidstOfARequestIsNotLost() {
    Sessions sessions = new Sessions(store);
    String session = sessions.begin("ada");
    harness.faults().afterNextRead(session, () -> sessions.endAll("ada"));

    assertThat(sessions.use(session)).isEmpty();
    assertThat(store.keys("")).isEmpty();
  }
}
