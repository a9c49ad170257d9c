package io.nadb.samples.testing;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static io.nadb.testkit.Operation.SYNC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Faults;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How do I test what happens when the disk fails? */
class FailedFlushRetriedTest {
  @NadbStore(with = "flush=5s")
  private KeyValueStore cart;

  @Test
  void nothingIsLostAndTheFlushIsTriedAgain(Faults faults, VirtualTime time) {
    faults.on(SYNC).fail(new IOException("bad sector"));
    cart.set("user:1", "three apples".getBytes(UTF_8));

    time.advance(ofSeconds(5));
    assertThat(cart).isDegraded().buffers("user:1").hasFlushFailures(1);
    cart.delete("user:1");

    time.advance(ofSeconds(5));
    assertThat(cart)
        .isHealthy()
        .isEmpty()
        .hasEmptyBuffer()
        .lastFlush()
        .wasCausedBy(FlushCause.RETRY);
  }
}
