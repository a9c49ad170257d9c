package io.nadb.samples.testing;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.VirtualTime;
import org.junit.jupiter.api.Test;

/** How do I test what happens when the flush interval passes? */
class TimedFlushTest {
  @NadbStore(with = "flush=5s")
  private KeyValueStore cart;

  @Test
  void isFlushedAtTheTickAndNotBefore(VirtualTime time) {
    cart.set("user:1", "three apples".getBytes(UTF_8));

    time.advance(ofMillis(4_999));
    assertThat(cart).buffers("user:1").hasNotFlushed();

    time.advance(ofMillis(1));
    assertThat(cart)
        .hasPersisted("user:1")
        .hasEmptyBuffer()
        .lastFlush()
        .wasCausedBy(FlushCause.INTERVAL)
        .happenedAt(time.start().plusSeconds(5));
  }

  @Test
  void everyTestHasAStoreOfItsOwn() {
    assertThat(cart).isEmpty().hasNotFlushed();
  }

  @Test
  void aTickWithNothingToDoIsNoFlush(VirtualTime time) {
    time.advance(ofSeconds(60));

    assertThat(cart).hasNotFlushed();
  }
}
