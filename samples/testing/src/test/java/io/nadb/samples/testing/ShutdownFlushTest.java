package io.nadb.samples.testing;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.NadbHarness;
import org.junit.jupiter.api.Test;

/** How do I test that nothing is lost when the application stops? */
class ShutdownFlushTest {
  @NadbStore(with = "flush=off")
  private KeyValueStore cart;

  @Test
  void stoppingFlushesWhatIsBuffered(NadbHarness harness) {
    cart.set("user:1", "three apples".getBytes(UTF_8));
    assertThat(cart).buffers("user:1");

    harness.stop();
    assertThat(cart).isClosed().lastFlush().wasCausedBy(FlushCause.CLOSE);

    harness.reopen();
    assertThat(cart).containsEntry("user:1", "three apples");
  }
}
