package io.nadb.watch;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** For how long the oldest write has been at risk. */
class BufferedAgeTest {
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final Faults faults = FaultyDriver.install(registry, "mem");
  private final KeyValueStore store = registry.open("nadb:mem:x?flush=off");

  @AfterEach
  void close() {
    faults.heal();
    registry.close();
  }

  private Duration age() {
    return store.stats().bufferedAge();
  }

  @Test
  void nothingIsOldInAnEmptyBuffer() {
    assertThat(age()).isZero();
    time.advance(Duration.ofSeconds(7));
    assertThat(age()).isZero();
  }

  @Test
  void itIsTheFirstWriteThatCountsAlsoWhenItsKeyIsWrittenAgain() {
    store.set("a", utf8("1"));
    time.advance(Duration.ofSeconds(2));
    store.set("a", utf8("2"));
    store.set("b", utf8("3"));
    time.advance(Duration.ofSeconds(1));

    assertThat(age()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aFlushMakesItBeginAnew() {
    store.set("a", utf8("1"));
    time.advance(Duration.ofSeconds(2));
    store.flush();
    assertThat(age()).isZero();
    store.set("b", utf8("2"));
    time.advance(Duration.ofSeconds(1));

    assertThat(age()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aFailedFlushDoesNot() {
    store.set("a", utf8("1"));
    faults.fail("no");
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
    time.advance(Duration.ofMillis(1));
    store.set("b", utf8("2"));
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);

    assertThat(age()).isEqualTo(Duration.ofMillis(1));
  }
}
