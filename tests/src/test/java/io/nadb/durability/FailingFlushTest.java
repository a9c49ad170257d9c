package io.nadb.durability;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What becomes of a flush that fails. */
class FailingFlushTest extends FailingFlushes {
  @Test
  void theRetryComesAfterAPauseThatDoubles() {
    KeyValueStore store = open("flush=10s");
    store.set("k", utf8("v"));
    faults.fail("no space left on device");
    time.advance(ofSeconds(10));
    long failures = 1;
    for (int pause = 100; pause <= 1600; pause *= 2) {
      assertThat(store.stats().flushFailures()).isEqualTo(failures);
      time.advance(ofMillis(pause - 1));
      assertThat(store.stats().flushFailures()).as("before %d ms", pause).isEqualTo(failures);
      time.advance(ofMillis(1));
      failures++;
    }
    time.advance(java.time.Duration.ofHours(1));
    assertThat(store.stats().flushFailures()).isBetween(300L, 800L);
    faults.heal();
    time.advance(ofSeconds(10));
    assertThat(store.stats().bufferedKeys()).isZero();
  }

  @Test
  void newerWritesAndDeletionsWinOverTheRetriedCut() {
    KeyValueStore store = open("flush=5s");
    store.set("overwritten", utf8("old"), SetOptions.tags("old"));
    store.set("deleted", utf8("old"), SetOptions.tags("old"));
    store.set("kept", utf8("kept"), SetOptions.ttl(ofSeconds(60)).withTags("kept"));
    var created = time.now();
    faults.fail("no space left on device");
    time.advance(ofSeconds(5));
    store.set("overwritten", utf8("new"), SetOptions.ttl(ofSeconds(9)).withTags("new"));
    store.delete("deleted");
    store.set("added", utf8("new"), SetOptions.tags("new"));
    var updated = time.now();
    faults.heal();
    time.advance(ofMillis(100));
    assertThat(store.stats().bufferedKeys()).isZero();
    assertThat(faults.applied())
        .containsExactly(List.of("added", "deleted", "kept", "overwritten"));

    registry.close();
    try (StoreRegistry next = StoreRegistry.create(time)) {
      KeyValueStore again = next.open("nadb:fs:" + directory.resolve("data"));
      assertThat(again.keys("")).containsExactly("added", "kept", "overwritten");
      assertThat(text(again, "overwritten")).contains("new");
      var metadata = again.metadata("overwritten").orElseThrow();
      assertThat(metadata.created()).isEqualTo(created);
      assertThat(metadata.updated()).isEqualTo(updated);
      assertThat(metadata.expiresAt()).contains(updated.plusSeconds(9));
      assertThat(again.queryByTags("old")).isEmpty();
      assertThat(again.queryByTags("new")).hasSize(2);
      assertThat(again.queryByTags("kept").get(0).expiresAt()).contains(created.plusSeconds(60));
    }
  }

  @Test
  void aBackendThatThrowsAnythingIsKeptAtBay() {
    KeyValueStore store = open("flush=off");
    store.set("k", utf8("v"));
    faults.fail(new IllegalStateException("bug"));
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class).hasMessageContaining("bug");
    faults.fail(new StackOverflowError());
    assertThatThrownBy(store::flush)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("java.lang.StackOverflowError");
    assertThat(text(store, "k")).contains("v");
    faults.heal();
    store.flush();
    assertThat(store.stats().keys()).isEqualTo(1);
  }

  @Test
  void closingWithAFailingFlushNamesTheLossAndLetsGo() {
    KeyValueStore store = open("flush=off");
    store.set("a", utf8("v"));
    store.flush();
    store.set("b", new byte[99]);
    store.set("c", new byte[199]);
    faults.fail("no space left on device");

    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessage(
            "store %s is closed, but its last flush failed: 2 keys (300 bytes) written after"
                + " sequence number 1 are lost: no space left on device; free some space on that"
                + " file system",
            store.name())
        .hasRootCauseMessage("no space left on device");
    assertThat(registry.status().running()).isFalse();
    store.close();
    faults.heal();
    assertThat(open("flush=off").keys("")).containsExactly("a");
  }

  @Test
  void aFailureToReleaseIsThrownAndAllIsReleased() {
    KeyValueStore store = open("flush=off");
    store.set("a", utf8("v"));
    faults.failClose(new IllegalStateException("bug in close"));

    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("closing failed: java.lang.IllegalStateException: bug in close");
    faults.heal();
    assertThat(open("flush=off").keys("")).containsExactly("a");
  }

  @Test
  void aHangingDiskStopsNoOtherStoresFlush() throws Exception {
    KeyValueStore hanging = open("flush=off");
    KeyValueStore other = registry.open("nadb:table:other?flush=off");
    hanging.set("k", utf8("v"));
    other.set("k", utf8("v"));
    faults.block();
    FutureTask<Boolean> flush =
        start(
            () -> {
              hanging.flush();
              return true;
            });
    faults.awaitBlocked();
    other.flush();
    other.close();

    assertThat(flush).isNotDone();
    assertThat(other.stats().flushCount()).isEqualTo(1);
    faults.release();
    assertThat(flush.get()).isTrue();
  }

  @Test
  void aDiskThatHangsInTheBackgroundStopsNoOtherStoresTimerOrSize() throws Exception {
    KeyValueStore hanging = open("flush=5s");
    KeyValueStore timed = registry.open("nadb:table:timed?flush=5s&sweep=off");
    KeyValueStore sized = registry.open("nadb:table:sized?buffer=1kb&flush=off&sweep=off");
    hanging.set("k", utf8("v"));
    timed.set("k", utf8("v"));
    faults.block(time);
    time.advance(ofSeconds(5));
    faults.awaitBlocked();
    sized.set("k", new byte[1023]);
    time.advance(ofMillis(999));
    assertThat(timed.stats().flushCount()).isZero();
    assertThat(sized.stats().flushCount()).isZero();
    time.advance(ofMillis(1));
    assertThat(timed.stats().flushCount()).isEqualTo(1);
    assertThat(sized.stats().flushCount()).isEqualTo(1);
    assertThat(registry.status().stalled()).containsExactly(hanging.name());

    for (int tick = 2; tick <= 4; tick++) {
      timed.set("k", utf8("v"));
      sized.set("k", new byte[1023]);
      assertThat(sized.stats().flushCount()).as("at once").isEqualTo(tick);
      time.advance(ofSeconds(5));
      assertThat(timed.stats().flushCount()).isEqualTo(tick);
    }
    assertThat(text(hanging, "k")).contains("v");
    assertThat(hanging.stats().flushCount()).isZero();
    hanging.set("later", utf8("v"));

    faults.release();
    assertThat(faults.applied()).as("the one that hung, and the ticks missed").hasSize(2);
    assertThat(hanging.stats().bufferedKeys()).isZero();
    assertThat(hanging.stats().flushFailures()).isZero();
    assertThat(registry.status().stalled()).isEmpty();
    assertThat(registry.status().takeovers()).isEqualTo(1);
  }

  @Test
  void aFailingDiskStopsNoOtherStoresTimer() {
    KeyValueStore failing = open("flush=5s");
    KeyValueStore other = registry.open("nadb:table:other?flush=5s");
    failing.set("k", utf8("v"));
    other.set("k", utf8("v"));
    faults.fail("no space left on device");
    time.advance(ofSeconds(5));

    assertThat(failing.stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThat(other.stats().flushCount()).isEqualTo(1);
    assertThat(registry.status().failures()).as("a failed flush is no surprise").isZero();
  }
}
