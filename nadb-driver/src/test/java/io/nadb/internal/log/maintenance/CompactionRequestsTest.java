package io.nadb.internal.log.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Who asks for a compaction while the log is being closed is not left waiting. */
class CompactionRequestsTest {

  @Test
  @SuppressWarnings("NullAway") // who is refused is not looked at
  void noneIsTakenWhenItHasEnded() {
    CompactionRequests requests = new CompactionRequests();
    IllegalStateException reason = new IllegalStateException("store is closed");

    requests.end(reason);

    assertThatThrownBy(() -> requests.add(null)).isSameAs(reason);
    assertThat(requests.current()).isNull();
  }
}
