package io.nadb.samples.testing;

import static io.nadb.testkit.NadbAssertions.assertThat;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.VirtualTime;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** How do I test what happens when the write buffer is full? */
class SizeFlushTest {

  @Test
  void isFlushedWhenTheWriteThatFillsTheBufferReturns(
      @NadbStore(with = {"buffer=1kb", "flush=off"}) KeyValueStore images, VirtualTime time) {
    images.set("a", new byte[1000]);
    assertThat(images).buffers("a");

    images.set("b", new byte[100]);
    assertThat(images).hasPersisted("a", "b").lastFlush().wasCausedBy(FlushCause.SIZE);
    Assertions.assertThat(time.elapsed()).isZero();
  }
}
